"""Reproducible benchmarks. Each writes its own section of ``bench/RESULTS.md``."""
