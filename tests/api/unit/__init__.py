"""What the API does before it asks the database: catalogue, schema, questions, SQL text."""
