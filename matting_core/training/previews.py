"""Previews: sheets of training data to look over before hours are spent on them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from matting_core.files import write_bytes_atomically
from matting_core.training.config import TrainConfig
from matting_core.training.producer import background_files, split_pairs
from matting_core.training.propagation.clips import ClipStream, draw_outline
from matting_core.training.propagation.object_source import make_object_source
from matting_core.training.render.samples import SampleStream
from matting_core.training.render.sheet import draw_contact_sheet
from matting_core.types import Frame8, Size

_PICTURES, _PICTURE_SIDE = 24, 256
_CLIPS, _FRAMES, _FRAME_WIDTH = 8, 5, 320


def write_preview(config: TrainConfig, path: Path) -> None:
    """Write a PNG of the first pictures or clips that a configuration trains on.

    Raises:
        InputError: the configuration's data cannot be found.
        ExportError: the file cannot be written.
    """
    sheet = _draw_clips(config) if config.network == "follower" else _draw_pictures(config)
    done, png = cv2.imencode(".png", sheet[..., ::-1])
    if done:
        write_bytes_atomically(path, png.tobytes())


def _draw_pictures(config: TrainConfig) -> Frame8:
    """Tiles of picture, alpha, and the subject on green."""
    seen, _ = split_pairs(config)
    wanted = config.examples
    size = Size(wanted.picture, wanted.picture)
    cache = config.training_pool.parent / "foregrounds"
    stream = SampleStream(seen, background_files(config), size, config.seed, wanted.mix, cache)
    items = []
    for index in range(_PICTURES):
        sample = stream.sample(index)
        rgb, alpha = (
            cv2.resize(plane, (_PICTURE_SIDE, _PICTURE_SIDE), interpolation=cv2.INTER_AREA)
            for plane in (sample.rgb, sample.alpha)
        )
        items.append((sample.kind, rgb, alpha))
    return draw_contact_sheet(items, columns=3)


def _draw_clips(config: TrainConfig) -> Frame8:
    """Rows of frames, one for each clip, the object outlined in red.

    Nothing is encoded: of the regions of photographs only those kept already are used, so these
    are not exactly the clips that are trained on.
    """
    wanted = config.clips
    size = Size(wanted.width, wanted.height)
    source = make_object_source(config, None, held_out=False)
    stream = ClipStream(source, size, wanted.frames, config.seed)
    small = (_FRAME_WIDTH, max(1, round(_FRAME_WIDTH * size.height / size.width)))
    shown = np.linspace(0, wanted.frames - 1, min(_FRAMES, wanted.frames)).astype(int)
    rows = []
    for index in range(_CLIPS):
        clip = stream.clip(index)
        frames = [draw_outline(clip, int(frame)) for frame in shown]
        rows.append(np.hstack([cv2.resize(one, small) for one in frames]))
    return np.asarray(np.vstack(rows), np.uint8)
