"""Filters as values, and the geometry that they are given."""
