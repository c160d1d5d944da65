"""Wisp's engine: documents, media, trackers, matting heads and export. Never imports Qt."""

__version__ = "0.1.0"
