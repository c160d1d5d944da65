"""Measures of masks and mattes."""
