"""What may be asked: the marts, dimensions and metrics that dbt declares, as typed values.

Knows dbt's artefacts; knows nothing of GraphQL or SQL engines.
"""
