"""Raw rows of all four source systems by the million, made inside Postgres."""
