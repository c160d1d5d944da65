"""One folder per feature; no feature imports another."""
