"""Choosing, fetching and licensing models, and what to do when they do not fit the memory."""
