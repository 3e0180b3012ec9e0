"""Recipes that made the starter pack. Not part of the program that artists install."""
