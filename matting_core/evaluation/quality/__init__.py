"""Comparison of matting methods on test sets, as `wisp bench quality` does.

`methods` are the heads and their variants, `sets` the pictures and clips (of `cases`), `runner`
runs one over the other, `results` adds the numbers up, `table`, `report` and `sheets` show them.
Nothing here imports torch until a method that needs it is built.
"""
