"""Sample rows of Enclava: one SQL file per table or step, run in the order that source.py gives."""
