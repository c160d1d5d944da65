"""Guide, tour and about."""
