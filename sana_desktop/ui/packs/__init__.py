"""Choosing what draws."""
