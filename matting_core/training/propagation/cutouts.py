"""Cut-outs of things: subjects of pairs, and regions that the decoder finds in photographs."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from matting_core.files import make_folder
from matting_core.training.propagation.moving_layers import Rgba
from matting_core.training.render.foregrounds import limit_size, read_photograph
from matting_core.types import Frame8, Plane
from matting_core.windows import bounding_box

if TYPE_CHECKING:
    from matting_core.models.trackers.sam2_tiny_flow.image_model import DecodedMask, ImageModel

LONGEST = 560
"""Longest side of a cut-out, pixels."""
READ_AT = 1400
"""Longest side that photographs are read at."""
_TRIES, _WANTED = 70, 9
_LEAST_IOU, _LEAST_STABLE = 0.7, 0.8
_AREAS = (0.003, 0.3)
_LARGEST_OVERLAP = 0.6
_EDGE_SHARE = 1.2
_LEAST_PIXELS = 200
_VISIBLE = 0.3
_SHARPNESS = 2.0
_HELD_OUT_OF = 10

Mask = npt.NDArray[np.bool_]


def is_held_out(path: Path) -> bool:
    """Whether a picture's things are for validation only: by its name alone, about one in ten."""
    return zlib.crc32(path.name.encode()) % _HELD_OUT_OF == 0


class RegionCutouts:
    """Cut-outs of photographs' regions, kept in a folder once they are made.

    Args:
        folder: where they are kept, one file a photograph.
        model: finds them; without one only those kept already are given.
    """

    def __init__(self, folder: Path, model: ImageModel | None) -> None:
        self._folder, self._model = folder, model

    def load(self, photograph: Path) -> list[Rgba]:
        """Load or make the cut-outs of a photograph, up to nine; they depend on its name only.

        Raises:
            MediaError: the photograph is gone or damaged.
            ExportError: the folder cannot be made.
        """
        digest = zlib.crc32(str(photograph).encode())
        path = self._folder / f"{photograph.stem[:40]}-{digest:08x}.safetensors"
        kept = _read_cutouts(path)
        if kept is not None or self._model is None:
            return kept or []
        rng = np.random.default_rng(zlib.crc32(photograph.name.encode()))
        found = find_regions(limit_size(read_photograph(photograph), READ_AT), self._model, rng)
        make_folder(self._folder)
        part = path.with_suffix(".part")
        save_file({str(k): torch.from_numpy(one) for k, one in enumerate(found)}, part)
        part.replace(path)
        return found


def find_regions(rgb: Frame8, model: ImageModel, rng: np.random.Generator) -> list[Rgba]:
    """Cut out what the decoder takes for things, up to nine that differ.

    A region counts if the decoder thinks well of it, if it hardly changes between thresholds
    (Kirillov et al. 2023, "Segment Anything", appendix B), if it is neither tiny nor large, is not
    cut off by the frame, and is not one of those found before.

    Args:
        rgb: (H, W, 3) uint8 sRGB.
        model: encoder and decoder.
        rng: draws the places that are asked about.
    """
    from matting_core.models.trackers.sam2_tiny_flow.image_model import DecoderPrompt

    side = model.side
    seen = cv2.resize(rgb, (side, side), interpolation=cv2.INTER_AREA)
    encoded = model.encode(np.asarray(seen, np.uint8))
    masks: list[Mask] = []
    found: list[Rgba] = []
    for _ in range(_TRIES):
        x, y = (float(v) for v in rng.uniform(0.06, 0.94, 2) * side)
        answers = model.decode(encoded, DecoderPrompt([((x, y), 1)]), several=True)
        answer = answers[int(rng.integers(len(answers)))]
        mask = _find_main_part(answer)
        if mask is None or any(_measure_overlap(mask, other) > _LARGEST_OVERLAP for other in masks):
            continue
        masks.append(mask)
        cutout = crop_to_alpha(rgb, _enlarge_answer(answer, mask, rgb.shape[:2]))
        found += [] if cutout is None else [cutout]
        if len(found) == _WANTED:
            break
    return found


def crop_to_alpha(rgb: Frame8, alpha: Plane) -> Rgba | None:
    """Crop a picture to its visible alpha, at most 560 pixels long; None if too little is visible.

    Args:
        rgb: (H, W, 3) uint8 sRGB.
        alpha: (H, W) float32 in [0, 1].
    """
    visible = alpha > _VISIBLE
    box = bounding_box(visible)
    if box is None or visible.sum() < _LEAST_PIXELS:
        return None
    rows = slice(max(0, box.y0 - 4), box.y1 + 4)
    columns = slice(max(0, box.x0 - 4), box.x1 + 4)
    cover = np.rint(255 * alpha[rows, columns]).astype(np.uint8)
    return np.asarray(limit_size(np.dstack([rgb[rows, columns], cover]), LONGEST), np.uint8)


def _read_cutouts(path: Path) -> list[Rgba] | None:
    """Read a file's cut-outs; None if the file is missing or damaged, and must be made again."""
    try:
        parts = load_file(path)
    except (OSError, SafetensorError):
        return None
    return [parts[str(k)].numpy() for k in range(len(parts))]


def _find_main_part(answer: DecodedMask) -> Mask | None:
    """Find the largest connected part of an answer that counts, or None."""
    inside = answer.logits > 0
    least, greatest = (answer.logits > 1).sum(), (answer.logits > -1).sum()
    if (
        answer.predicted_iou < _LEAST_IOU
        or least < _LEAST_STABLE * greatest
        or not _AREAS[0] < inside.mean() < _AREAS[1]
    ):
        return None
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8))
    mask = np.asarray(labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()), np.bool_)
    at_edge = sum(int(line.sum()) for line in (mask[0], mask[-1], mask[:, 0], mask[:, -1]))
    return None if at_edge > _EDGE_SHARE * float(mask.sum()) ** 0.5 else mask


def _measure_overlap(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / (one | other).sum())


def _enlarge_answer(answer: DecodedMask, mask: Mask, hw: Sequence[int]) -> Plane:
    """Enlarge one part of an answer to the picture's size, a little sharper, as alpha."""
    near = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    logits = np.where(near, answer.logits, -10).astype(np.float32)
    large = cv2.resize(logits, (hw[1], hw[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(1 / (1 + np.exp(-np.clip(_SHARPNESS * large, -20, 20))), np.float32)
