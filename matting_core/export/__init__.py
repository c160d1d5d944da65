"""Writing finished mattes to disk."""
