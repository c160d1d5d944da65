"""Dialogs; none of them waits for work."""
