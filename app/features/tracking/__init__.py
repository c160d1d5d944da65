"""Tracking and matting in the background."""
