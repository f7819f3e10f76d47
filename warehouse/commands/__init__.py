"""The commands of `usage-warehouse`, one module each; ``steps`` holds what two of them share."""
