"""The window's widgets, and the only Qt in the project besides the window's composition root."""
