"""GraphQL types built from the catalogue, and GraphQL calls turned into questions.

Knows no SQL.
"""
