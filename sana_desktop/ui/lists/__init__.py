"""A prompt list as a table of the window."""
