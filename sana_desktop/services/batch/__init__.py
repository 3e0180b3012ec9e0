"""Batch runs: prompt lists read as streams, surveyed, drawn, and gone on with."""
