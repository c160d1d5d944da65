"""Comparing folders of mattes with the truth: matching files, measuring, and a report to look at.

`folders` says which files belong together, `runner` measures them, `report` writes one HTML file,
with `pictures` and `graphs` in it. Nothing here imports torch.
"""
