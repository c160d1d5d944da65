"""Layers: something with exact alpha and premultiplied colour, and how one lies over another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matting_core.types import Plane, Size

Colours = npt.NDArray[np.float32]
"""(H, W, 3) float32 in [0, 1], sRGB-encoded, as photographs are; compositing is done on these
values, which is what the alphas of the public data sets mean."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Something that covers part of a picture.

    Attributes:
        alpha: (H, W) float32 in [0, 1], exact coverage.
        premultiplied: (H, W, 3) float32 in [0, alpha], sRGB-encoded colour times alpha.
    """

    alpha: Plane
    premultiplied: Colours

    @property
    def size(self) -> Size:
        """Width and height."""
        return Size(self.alpha.shape[1], self.alpha.shape[0])

    def over(self, behind: Layer) -> Layer:
        """This layer in front of another (Porter and Duff 1984, "over")."""
        through = 1 - self.alpha
        return Layer(
            self.alpha + through * behind.alpha,
            self.premultiplied + through[..., None] * behind.premultiplied,
        )

    def on(self, background: Colours) -> Colours:
        """This layer in front of an opaque (H, W, 3) picture."""
        return np.asarray(self.premultiplied + (1 - self.alpha)[..., None] * background, np.float32)


Texture = Callable[[np.random.Generator, Size], Colours]
"""Gives a piece of a photograph, (H, W, 3) float32 in [0, 1], to colour things with."""

Material = Callable[[np.random.Generator, Size, Texture], Layer]
"""Draws one object of a kind, roughly filling the middle of a picture of the given size."""


def straight(colours: Colours, alpha: Plane) -> Layer:
    """A layer from straight (not premultiplied) colours."""
    return Layer(alpha, np.asarray(colours * alpha[..., None], np.float32))
