"""Rendered pictures with exact alpha, endless; the same seed gives the same pictures."""
