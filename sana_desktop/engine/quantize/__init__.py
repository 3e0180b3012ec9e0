"""Weights in 8 and 4 bit: how a layer is stored and computed, which layers are, and where they are kept."""
