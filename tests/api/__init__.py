"""The Python package `graphql_api`: `unit` needs no database, `integration` builds one."""
