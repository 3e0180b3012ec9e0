"""Pictures dropped on the window, and what can be read inside them."""
