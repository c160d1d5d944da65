"""Prompts of the user about an object on one frame.

Coordinates are pixels of the source frame (see `matting_core.types`).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from matting_core.errors import InputError
from matting_core.types import Size


class Label(IntEnum):
    """Label of a point."""

    BACKGROUND = 0
    FOREGROUND = 1


@dataclass(frozen=True, slots=True)
class PointPrompt:
    """Click that says: the object is (or is not) at `xy` on `frame`."""

    frame: int
    xy: tuple[float, float]
    label: Label = Label.FOREGROUND


@dataclass(frozen=True, slots=True)
class BoxPrompt:
    """Box (x0, y0, x1, y1) that the object fills, x0 < x1 and y0 < y1."""

    frame: int
    xyxy: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class MaskPrompt:
    """Mask of the object on `frame`, painted or imported.

    Attributes:
        frame: frame index.
        png: the mask as a grey 8-bit PNG of the frame's size; kept encoded because a document is
            copied, compared and saved far more often than its masks are looked at.
    """

    frame: int
    png: bytes

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the mask."""
        return hashlib.sha256(self.png).hexdigest()


@dataclass(frozen=True, slots=True)
class TextPrompt:
    """Text that names the object on `frame`, for instance "the brown dog"."""

    frame: int
    text: str


Prompt = PointPrompt | BoxPrompt | MaskPrompt | TextPrompt
Prompts = tuple[Prompt, ...]
"""An object's prompts, in the order in which they were made, or those on one frame."""
PromptKind = Literal["point", "box", "mask", "text"]

LONGEST_TEXT = 200
"""Characters of a `TextPrompt` at most."""


def prompts_on(prompts: Sequence[Prompt], frame: int) -> Prompts:
    """Those of an object's prompts that are on one frame."""
    return tuple(prompt for prompt in prompts if prompt.frame == frame)


def kind_of(prompt: Prompt) -> PromptKind:
    """Kind of a prompt, which a tracker must accept to be given it."""
    match prompt:
        case PointPrompt():
            return "point"
        case BoxPrompt():
            return "box"
        case MaskPrompt():
            return "mask"
        case TextPrompt():
            return "text"


def check_prompt(prompt: Prompt, size: Size, length: int) -> None:
    """Refuse a prompt that does not fit a clip of `length` frames of `size`.

    Raises:
        InputError: the frame, a coordinate, the box's order or the text is off.
    """
    if not 0 <= prompt.frame < length:
        raise InputError(
            f"A prompt is on frame {prompt.frame}, but the clip has frames 0 to {length - 1}."
        )
    if isinstance(prompt, PointPrompt):
        _check_inside("point", prompt.xy, size, prompt.frame)
    elif isinstance(prompt, BoxPrompt):
        _check_box(prompt, size)
    elif isinstance(prompt, TextPrompt):
        _check_text(prompt)


def _check_inside(what: str, xy: tuple[float, float], size: Size, frame: int) -> None:
    if not all(math.isfinite(v) for v in xy):
        raise InputError(f"The {what} on frame {frame} is not a number; give x and y in pixels.")
    if not (0 <= xy[0] <= size.width and 0 <= xy[1] <= size.height):
        raise InputError(
            f"The {what} at ({xy[0]:g}, {xy[1]:g}) on frame {frame} is outside the frame, "
            f"which is {size.width} x {size.height}."
        )


def _check_box(prompt: BoxPrompt, size: Size) -> None:
    x0, y0, x1, y1 = prompt.xyxy
    _check_inside("box corner", (x0, y0), size, prompt.frame)
    _check_inside("box corner", (x1, y1), size, prompt.frame)
    if x0 >= x1 or y0 >= y1:
        raise InputError(
            f"The box ({x0:g}, {y0:g}, {x1:g}, {y1:g}) on frame {prompt.frame} is inverted or "
            "empty; give left, top, right, bottom."
        )


def _check_text(prompt: TextPrompt) -> None:
    if not prompt.text.strip():
        raise InputError(f"The text on frame {prompt.frame} is empty; name the object.")
    if len(prompt.text) > LONGEST_TEXT or not prompt.text.isprintable():
        raise InputError(
            f"The text on frame {prompt.frame} is no name; give one line of at most "
            f"{LONGEST_TEXT} characters."
        )
