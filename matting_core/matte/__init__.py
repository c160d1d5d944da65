"""Steps between a mask and a finished alpha: guides, trimaps, tiles."""
