"""What builds cost: raw rows, measured runs of the command line, floors to hold them to."""
