"""Parts of an object, painted lit over the parts behind them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matting_core.training.render.layer import Colours
from matting_core.training.render.materials.canvas import Patch, Points, SupersampledCanvas
from matting_core.training.render.materials.shading import Light, apply_light, inflate, shade


def paint(
    canvas: SupersampledCanvas,
    outlines: Sequence[Points],
    colours: Colours,
    lamp: Light,
    gloss: float = 0.0,
    shadow: float = 0.0,
    roundness: float = 1.0,
) -> tuple[Patch, Colours]:
    """Paint a part as a lit cushion, after its shadow on what lies behind.

    Args:
        canvas: to paint on.
        outlines: of the part in pixels; inner ones are holes.
        colours: (H, W, 3) unlit, of the whole picture.
        lamp: the light.
        gloss: strength of the highlight.
        shadow: of the part on what is there already, 0 to 1.
        roundness: how much of the part's width its edge's rounding takes, to 1.

    Returns:
        The patch that the part covers and the (h, w, 3) lit colours there.
    """
    reach = 0.015 * max(canvas.size) + 0.5
    patch = canvas.mask(outlines, int(2.5 * reach) if shadow > 0 else 3)
    if shadow > 0:
        canvas.shadow(patch, reach, shadow)
    inside = (patch.coverage() > 0.5).astype(np.uint8)
    factor, added = shade(inflate(inside, roundness), lamp, gloss)
    shaded = apply_light(colours[patch.slices], factor, added, lamp)
    canvas.fill(patch, shaded)
    return patch, shaded
