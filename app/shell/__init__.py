"""The window around the work: commands, keys, settings, messages and background tasks."""
