"""The canvas tools: each a generator over gestures that needs no window."""
