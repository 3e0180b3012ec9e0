"""From a recipe to pixels: text, sampling, decoding, weights. One thread at a time owns it."""
