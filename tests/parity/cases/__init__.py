"""What each figure is asked in the parity tests, one module per source system."""
