"""The local library: files on disk and the words inside them."""
