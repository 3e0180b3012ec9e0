"""Files of weights to networks and back: loading, converting, importing, saving."""
