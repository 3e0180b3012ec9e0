"""Sana's networks: architecture and nothing else."""
