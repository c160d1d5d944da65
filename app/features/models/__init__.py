"""Choosing, importing, downloading and licensing models."""
