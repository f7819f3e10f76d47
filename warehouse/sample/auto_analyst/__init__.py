"""Sample rows of Auto-Analyst: one SQL file per table or step, run in the order of source.py."""
