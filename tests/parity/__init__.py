"""Every figure of the definitions: its cookbook document against a computation in plain Python."""
