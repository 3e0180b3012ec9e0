"""The pictures that came out, in a row."""
