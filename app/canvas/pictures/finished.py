"""Finished mattes for the canvas: read, finished, and the last ones kept."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from app.canvas.pictures.mattes import ReadMattes
from app.canvas.pictures.scene import Layer
from matting_core.document.finishing import FinishingValues
from matting_core.matte.finishing import apply_values, share_alpha
from matting_core.results.recipes import MatteKey
from matting_core.results.store import MatteCache
from matting_core.types import Matte, Plane

_KEPT_BYTES = 192 << 20
_Name = tuple[MatteKey, FinishingValues]


class FinishedMattes:
    """Reads mattes from the cache and finishes them. Used on one lane.

    What was read and what was finished stay for a while: moving a slider reads no matte twice, and
    the objects that it does not belong to are not finished again.
    """

    def __init__(self, cache: MatteCache) -> None:
        self._read = ReadMattes(cache)
        self._kept: OrderedDict[_Name, Matte] = OrderedDict()
        self._bytes = 0

    def get(self, key: MatteKey | None, look: FinishingValues) -> Matte | None:
        """The matte of a key with a finishing, or None while the cache lacks it."""
        matte = self._read.read(key)
        if key is None or matte is None or look.neutral:
            return matte
        name = (key, look)
        if name not in self._kept:
            self._keep(name, replace(matte, alpha=apply_values(matte.alpha, look)))
        self._kept.move_to_end(name)
        return self._kept[name]

    def clear(self) -> None:
        """Forget all."""
        self._read.clear()
        self._kept.clear()
        self._bytes = 0

    def _keep(self, name: _Name, matte: Matte) -> None:
        self._kept[name] = matte
        self._bytes += _size(matte)
        while self._bytes > _KEPT_BYTES and len(self._kept) > 1:
            self._bytes -= _size(self._kept.popitem(last=False)[1])


def shared_layers(layers: list[Layer]) -> list[Layer]:
    """The same layers, the alphas of fresh ones held to a sum of 1, as an export would write."""
    fresh = sorted((layer for layer in layers if layer.fresh), key=lambda layer: layer.object_id)
    locked = {number for number, layer in enumerate(fresh) if layer.locked}
    alphas = share_alpha([layer.matte.alpha for layer in fresh], locked)
    held = {layer.object_id: alpha for layer, alpha in zip(fresh, alphas, strict=True)}
    return [_with_alpha(layer, held.get(layer.object_id)) for layer in layers]


def _with_alpha(layer: Layer, alpha: Plane | None) -> Layer:
    return layer if alpha is None else replace(layer, matte=replace(layer.matte, alpha=alpha))


def _size(matte: Matte) -> int:
    return matte.alpha.nbytes + matte.roi.nbytes + matte.confidence.nbytes
