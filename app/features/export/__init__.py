"""The export dialog and the running export."""
