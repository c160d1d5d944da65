"""The canvas tools by name, and what some of them have in common."""

from __future__ import annotations

from enum import StrEnum


class ToolName(StrEnum):
    """The canvas tools."""

    SELECT = "select"
    POINT = "point"
    BOX = "box"
    GARBAGE = "garbage"
    HOLDOUT = "holdout"
    BRUSH = "brush"
    ERASER = "eraser"
    LASSO = "lasso"
    REFINE = "refine"


BRUSHES = frozenset({ToolName.BRUSH, ToolName.ERASER, ToolName.REFINE})
"""The tools that paint with a round brush."""

PROMPTERS = frozenset({ToolName.SELECT, ToolName.POINT, ToolName.BOX})
"""The tools that add, move and choose prompts."""
