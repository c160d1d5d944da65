"""Keys: bindings, focus, and the dialog that changes them."""
