"""Pictures of a frame: requested, composed and loaded in the background."""
