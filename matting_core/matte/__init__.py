"""Matte functions on arrays: guides, trimaps, closed form, finishing, foreground."""
