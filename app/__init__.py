"""The editor: the only code that knows Qt."""
