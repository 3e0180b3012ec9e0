"""Reading what picture files of many programs say about themselves; every reader takes a `Carried`."""
