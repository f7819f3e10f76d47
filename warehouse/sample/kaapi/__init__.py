"""Sample rows of Kaapi: one SQL file per table or step, run in the order that source.py gives."""
