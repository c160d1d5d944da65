"""Training of heads and of the propagation network, run by `wisp train` only."""
