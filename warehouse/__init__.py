"""The command line around the warehouse."""
