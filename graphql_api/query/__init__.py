"""From a typed question to one SQL statement and its answer.

Knows the catalogue; knows nothing of GraphQL.
"""
