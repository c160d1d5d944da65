"""Training the heads: rendered data, losses, trainer. Run by `wisp train`, not by the editor."""
