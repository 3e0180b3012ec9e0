"""Use cases and the threads they run on; torch arrives as a factory and is never imported here."""
