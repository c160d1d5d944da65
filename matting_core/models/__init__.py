"""Trackers, heads, their registry, weights, licences and files."""
