"""Small controls and captions over the canvas."""
