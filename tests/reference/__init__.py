"""The figures of the Kaapi definitions computed in plain Python, sharing nothing with the SQL."""
