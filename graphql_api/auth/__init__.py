"""Who is asking: API keys to scopes."""
