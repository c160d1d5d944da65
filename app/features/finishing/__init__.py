"""The Matte panel: levels, edges, feather and shapes."""
