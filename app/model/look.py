"""What the user chose about the views, besides which one: plain values, without Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
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
GAIN_STEPS = (-8, 24)
GAMMA_STEPS = (-12, 12)


@dataclass(frozen=True, slots=True)
class Backdrop:
    """Background that the Colour view puts behind the objects.

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
class Levels:
    """Gain and gamma that bring out what a matte hides: faint spots, and holes.

    Attributes:
        gain_steps: quarter stops: four of them double the value.
        gamma_steps: quarter doublings of gamma; above 0 dark values are raised, below 0 light
            ones are pulled down.
    """

    gain_steps: int = 0
    gamma_steps: int = 0

    @property
    def gain(self) -> float:
        """What values are multiplied by."""
        return float(2 ** (self.gain_steps / 4))

    @property
    def gamma(self) -> float:
        """Values are raised to the power of 1 / gamma."""
        return float(2 ** (self.gamma_steps / 4))

    def moved(self, gain_steps: int, gamma_steps: int) -> Levels:
        """So many steps on, within the limits."""
        return Levels(
            _within(self.gain_steps + gain_steps, GAIN_STEPS),
            _within(self.gamma_steps + gamma_steps, GAMMA_STEPS),
        )


class Overlay(StrEnum):
    """Overlays over a picture besides what its view shows."""

    ROI = "roi"
    TRIMAP = "trimap"
    ONION = "onion"


class Comparison(StrEnum):
    """Kinds of comparing a picture with another."""

    WIPE = "wipe"
    BESIDE = "beside"


class Against(StrEnum):
    """Other side that a picture is compared with."""

    SOURCE = "source"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Look:
    """Options of all views: overlays, comparison, background, levels.

    Attributes:
        backdrop: behind the objects, in the Colour view.
        levels: gain and gamma, in the views of mattes.
        overlays: what is drawn over the picture.
        comparison: how it is compared, or None.
        against: what with.
    """

    backdrop: Backdrop = Backdrop()
    levels: Levels = Levels()
    overlays: frozenset[Overlay] = frozenset()
    comparison: Comparison | None = None
    against: Against = Against.SOURCE

    def toggled(self, overlay: Overlay) -> Look:
        """The look with an overlay on or off."""
        return replace(self, overlays=self.overlays ^ {overlay})

    def compared(self, comparison: Comparison) -> Look:
        """The look with a comparison on, or off if it was on."""
        on = self.comparison is not comparison
        return replace(self, comparison=comparison if on else None)


def rgb_of(text: str) -> RGB:
    """Red, green and blue of "#rrggbb"."""
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def _is_color(text: str) -> bool:
    digits = text.removeprefix("#")
    return len(text) == 7 and len(digits) == 6 and all(d in "0123456789abcdef" for d in digits)


def _within(value: int, limits: tuple[int, int]) -> int:
    return min(max(value, limits[0]), limits[1])
