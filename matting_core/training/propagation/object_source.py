"""Objects and textures of clips: subjects of pairs, regions of photographs, and photographs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from matting_core.errors import MediaError
from matting_core.media.stills import read_mask_image
from matting_core.training.config import TrainConfig
from matting_core.training.datasets import ImagePair
from matting_core.training.producer import background_files, split_pairs
from matting_core.training.propagation.cutouts import (
    LONGEST,
    READ_AT,
    RegionCutouts,
    crop_to_alpha,
    is_held_out,
)
from matting_core.training.propagation.moving_layers import Rgba
from matting_core.training.render.backdrops import crop_piece
from matting_core.training.render.foregrounds import limit_size, read_photograph, to_bytes
from matting_core.types import Frame8, Size

if TYPE_CHECKING:
    from matting_core.models.trackers.sam2_tiny_flow.image_model import ImageModel

_PAIR_SHARE = 5 / 9
_ATTEMPTS = 30
_KEPT = 24


class PhotographObjects:
    """Source of objects from pairs and photographs; an `ObjectSource`.

    Args:
        pairs: their subjects are cut out by their alpha, drawn by the pairs' weights.
        backgrounds: photographs that fill the frame; regions are cut out of them, and of the
            pairs' pictures too.
        regions: gives those.
    """

    def __init__(
        self, pairs: Sequence[ImagePair], backgrounds: Sequence[Path], regions: RegionCutouts
    ) -> None:
        self._pairs, self._backgrounds, self._regions = tuple(pairs), tuple(backgrounds), regions
        weights = np.array([pair.weight for pair in pairs], np.float64)
        self._chances = weights / weights.sum() if len(weights) else weights
        pictures = dict.fromkeys(pair.image for pair in pairs if not pair.foreground_only)
        self._pictures = (*self._backgrounds, *pictures)
        self._photograph = lru_cache(_KEPT)(self._read)
        self._subject = lru_cache(_KEPT)(_cut_out_subject)

    def cutout(self, rng: np.random.Generator) -> Rgba:
        """See `ObjectSource.cutout`.

        Raises:
            MediaError: neither pairs nor photographs hold anything to cut out.
        """
        for _ in range(_ATTEMPTS):
            if self._pairs and rng.random() < _PAIR_SHARE:
                found = self._subject(
                    self._pairs[int(rng.choice(len(self._pairs), p=self._chances))]
                )
            else:
                found = self._region(rng)
            if found is not None:
                return found
        raise MediaError(
            "Neither pairs nor photographs hold anything to cut out; name other folders in 'data'."
        )

    def texture(self, rng: np.random.Generator, size: Size) -> Frame8:
        """See `ObjectSource.texture`."""
        photograph = self._photograph(self._backgrounds[int(rng.integers(len(self._backgrounds)))])
        return to_bytes(crop_piece(photograph, size, rng, 2.0))

    def _region(self, rng: np.random.Generator) -> Rgba | None:
        found = self._regions.load(self._pictures[int(rng.integers(len(self._pictures)))])
        return found[int(rng.integers(len(found)))] if found else None

    @staticmethod
    def _read(path: Path) -> Frame8:
        return np.asarray(limit_size(read_photograph(path), READ_AT), np.uint8)


def make_object_source(
    config: TrainConfig, model: ImageModel | None, *, held_out: bool
) -> PhotographObjects:
    """The source of a run, for training or for validation.

    Held out are the pairs that `hold_out` names, and of all pictures about one in ten, by a hash
    of its name. Where that would leave training or validation without any, both have them all.

    Raises:
        InputError: a folder of backgrounds holds no photographs, or `hold_out` fits nothing.
        MediaError: a folder of pairs holds none.
    """
    seen, named = split_pairs(config)
    kept = [pair for pair in seen if not is_held_out(pair.image)]
    apart = [*named, *(pair for pair in seen if is_held_out(pair.image))]
    photographs = background_files(config)
    train = [path for path in photographs if not is_held_out(path)]
    validate = [path for path in photographs if is_held_out(path)]
    pairs = (apart or seen) if held_out else (kept or seen)
    backgrounds = (validate or photographs) if held_out else (train or photographs)
    return PhotographObjects(pairs, backgrounds, RegionCutouts(config.cutout_folder, model))


def _cut_out_subject(pair: ImagePair) -> Rgba | None:
    image, alpha = read_photograph(pair.image), read_mask_image(pair.alpha)
    if image.shape[:2] != alpha.shape:
        raise MediaError(
            f"{pair.image} and {pair.alpha} differ in size; save the alpha at the image's size."
        )
    limit = 2 * LONGEST
    small = np.clip(limit_size(alpha, limit), 0, 1)
    return crop_to_alpha(
        np.asarray(limit_size(image, limit), np.uint8), np.asarray(small, np.float32)
    )
