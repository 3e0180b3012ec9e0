"""The gallery: all pictures, found, judged, and used again."""
