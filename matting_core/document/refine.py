"""Strokes of the Refine Edge brush, by which a person corrects the matte of one frame."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum

from matting_core.errors import InputError


class Mark(IntEnum):
    """Mark of a stroke on a place."""

    NOTHING = 0
    UNKNOWN = 1
    """Matting must look here, whatever the network thinks."""
    SOLID = 2
    """The object covers this place wholly."""
    CLEAR = 3
    """The object is not here."""


@dataclass(frozen=True, slots=True)
class RefineStrokes:
    """Strokes on one frame of one object.

    Attributes:
        frame: frame index.
        png: a grey 8-bit PNG of the frame's size, coded as `matting_core.matte.refining` says;
            kept encoded for the reason that `MaskPrompt.png` is.
    """

    frame: int
    png: bytes

    def __post_init__(self) -> None:
        if self.frame < 0:
            raise InputError(f"Frame {self.frame} cannot be refined; give 0 or more.")

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the strokes."""
        return hashlib.sha256(self.png).hexdigest()
