"""Painting masks and Refine Edge strokes."""
