"""Lanes of the timeline; each module that has a `SPEC` is one."""
