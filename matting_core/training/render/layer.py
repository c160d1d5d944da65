"""Layers: exact alpha with premultiplied colour, and their compositing."""

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
class AlphaLayer:
    """Layer that covers part of a picture.

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

    def over(self, behind: AlphaLayer) -> AlphaLayer:
        """Composite the layer over another (Porter and Duff 1984, "over")."""
        through = 1 - self.alpha
        return AlphaLayer(
            self.alpha + through * behind.alpha,
            self.premultiplied + through[..., None] * behind.premultiplied,
        )

    def on(self, background: Colours) -> Colours:
        """Composite the layer over an opaque (H, W, 3) picture."""
        return np.asarray(self.premultiplied + (1 - self.alpha)[..., None] * background, np.float32)


Texture = Callable[[np.random.Generator, Size], Colours]
"""Gives a piece of a photograph, (H, W, 3) float32 in [0, 1], to colour things with."""

Material = Callable[[np.random.Generator, Size, Texture], AlphaLayer]
"""Draws one object of a kind, roughly filling the middle of a picture of the given size."""


def layer_from_straight(colours: Colours, alpha: Plane) -> AlphaLayer:
    """Make a layer from straight (not premultiplied) colours."""
    return AlphaLayer(alpha, np.asarray(colours * alpha[..., None], np.float32))
