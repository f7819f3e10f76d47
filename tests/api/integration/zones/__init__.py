"""Answers in zones of all kinds, against Python's own zones and the raw rows."""
