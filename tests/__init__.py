"""Everything that can fail: pytest here, and dbt's own tests in `dbt/`."""
