"""The terminal program."""

from sana_desktop.cli.composition import main

__all__ = ["main"]
