"""Prompt lists as values: what a line asks for, and what is wrong with it."""
