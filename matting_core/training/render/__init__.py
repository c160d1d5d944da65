"""Pictures with exact alpha, rendered on the fly and endless; the same seed gives the same ones."""
