"""Training of the tracker's network: clips with exact masks, rollouts over them, and its losses."""
