"""What the user chose about the views, besides which one: plain values, without Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

RGB = tuple[int, int, int]

PRESETS: Mapping[str, RGB] = {
    "black": (0, 0, 0),
    "gray": (128, 128, 128),
    "white": (255, 255, 255),
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "magenta": (255, 0, 255),
}
"""Backgrounds that show different faults of a matte, in the order of the menu."""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What the Colour view puts behind the objects.

    Attributes:
        color: red, green, blue; sRGB.
        image: path of a picture that covers the frame instead, or empty.
    """

    color: RGB = PRESETS["gray"]
    image: str = ""

    @property
    def text(self) -> str:
        """How settings remember it; `parse` reads it."""
        return self.image or "#{:02x}{:02x}{:02x}".format(*self.color)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "#rrggbb" or a path; anything empty is the default.

        >>> Backdrop.parse("#ff0000").color
        (255, 0, 0)
        """
        if not text:
            return cls()
        return cls(rgb_of(text)) if _is_color(text) else cls(image=text)


@dataclass(frozen=True, slots=True)
class Look:
    """How frames are shown, in whatever view."""

    backdrop: Backdrop = Backdrop()


def rgb_of(text: str) -> RGB:
    """Red, green and blue of "#rrggbb"."""
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def _is_color(text: str) -> bool:
    digits = text.removeprefix("#")
    return len(text) == 7 and len(digits) == 6 and all(d in "0123456789abcdef" for d in digits)
