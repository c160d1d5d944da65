"""Finished mattes for the canvas: read, finished, and the last ones kept."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from app.views.mattes import ReadMattes
from app.views.scene import Layer
from matting_core.cache import MatteCache
from matting_core.digests import MatteKey
from matting_core.document.finishing import Look
from matting_core.matte.finishing import apply_look, shared
from matting_core.types import Matte, Plane

_KEPT = 6


class FinishedMattes:
    """Reads mattes from the cache and finishes them. Used on one lane.

    What was finished last stays: while a slider of one object moves, the others are not finished
    again.
    """

    def __init__(self, cache: MatteCache) -> None:
        self._mattes = ReadMattes(cache)
        self._alphas: OrderedDict[tuple[MatteKey, Look], Plane] = OrderedDict()

    def read(self, key: MatteKey | None, look: Look) -> Matte | None:
        """The matte of a key with a finishing, or None while the cache lacks it."""
        matte = self._mattes.read(key)
        if key is None or matte is None or look.neutral:
            return matte
        name = (key, look)
        if name not in self._alphas:
            self._alphas[name] = apply_look(matte.alpha, look)
        self._alphas.move_to_end(name)
        while len(self._alphas) > _KEPT:
            self._alphas.popitem(last=False)
        return replace(matte, alpha=self._alphas[name])

    def clear(self) -> None:
        """Forget all."""
        self._mattes.clear()
        self._alphas.clear()


def shared_layers(layers: list[Layer]) -> list[Layer]:
    """The same layers, their alphas held to a sum of 1."""
    in_order = sorted(layers, key=lambda layer: layer.object_id)
    alphas = shared([layer.matte.alpha for layer in in_order])
    held = {layer.object_id: alpha for layer, alpha in zip(in_order, alphas, strict=True)}
    return [
        replace(layer, matte=replace(layer.matte, alpha=held[layer.object_id])) for layer in layers
    ]
