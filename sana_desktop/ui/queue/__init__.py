"""What is drawn now, what waits, and how long it takes."""
