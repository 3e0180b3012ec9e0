"""Fetching the files of a published model, once somebody has asked for it."""
