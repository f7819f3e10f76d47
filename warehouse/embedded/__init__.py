"""The embedded Postgres: the server of the PyPI wheel, run for this checkout alone.

``cluster`` makes, starts and stops it; ``account`` decides which operating-system user it runs as;
``configuration`` writes its settings and who may log in; ``postmaster`` reads whether it is alive;
``roles`` makes the login role and databases. Knows nothing of dbt or GraphQL.
"""

from warehouse.embedded.cluster import Cluster
from warehouse.embedded.roles import LOGIN_ROLE, create_database, ensure_login_role

__all__ = ["LOGIN_ROLE", "Cluster", "create_database", "ensure_login_role"]
