"""Models that the user adds: recognised, checked, installed, downloaded, listed and probed."""
