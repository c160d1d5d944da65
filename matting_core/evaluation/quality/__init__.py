"""Comparing ways to matte on test sets, as `wisp bench quality` does.

`rows` are the ways, `sets` the pictures and clips (of `cases`), `runner` runs one over the other,
`results` adds the numbers up, `table`, `report` and `sheets` show them. Nothing here imports torch
until a row that needs it is built.
"""
