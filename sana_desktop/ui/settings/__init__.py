"""Preferences, from their schema to their dialog."""
