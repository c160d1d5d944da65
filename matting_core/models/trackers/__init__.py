"""Trackers: one file per model, each with a `SPEC`; found by `matting_core.models.registry`."""
