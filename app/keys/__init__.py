"""Keys: their bindings and names, the way round the window, and the palette's search."""
