"""The left of the window: what to draw."""
