"""The window as a whole, and the desks that connect its parts."""
