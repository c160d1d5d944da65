"""Tracking and matting as the UI sees them: what is asked for, made ready, found, and stale."""
