"""Benchmarks: ours and its peers in one run, on the same generated files."""
