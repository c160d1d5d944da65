"""Matting heads: one file per model, each with a `SPEC`; `models.registry` finds them."""
