"""Sana Desktop: make pictures from words on a laptop."""

__version__ = "0.1.0"
