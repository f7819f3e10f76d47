"""Sample rows of LiteLLM: one SQL file per table or step, run in the order that source.py gives."""
