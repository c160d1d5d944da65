"""Training of the propagation network: clips with exact masks, rollouts over them, and losses."""
