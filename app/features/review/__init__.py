"""Judging mattes: views, comparisons, versions and playback commands."""
