"""The object list, its prompts, and their commands."""
