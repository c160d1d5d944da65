"""Painting: from the brush's options and its ink to an edit."""
