"""The middle of the window: pictures forming, finished, and compared."""
