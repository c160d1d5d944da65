"""A page of clips, to look at before hours are spent on them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from matting_core.files import write_bytes_atomically
from matting_core.training.config import TrainConfig
from matting_core.training.propagation.clips import ClipStream, outlined
from matting_core.training.propagation.props import props_of
from matting_core.types import Size

_CLIPS, _FRAMES = 8, 5
_WIDTH = 320


def write_clip_page(config: TrainConfig, path: Path) -> None:
    """Write a PNG with a row of frames of each of the first clips, the object outlined in red.

    Nothing is encoded for it: of the regions of photographs only those kept already are used, so
    these are not exactly the clips that are trained on.

    Raises:
        InputError: the configuration's data cannot be found.
        ExportError: the file cannot be written.
    """
    wanted = config.clips
    size = Size(wanted.width, wanted.height)
    stream = ClipStream(props_of(config, None, held_out=False), size, wanted.frames, config.seed)
    small = (_WIDTH, max(1, round(_WIDTH * size.height / size.width)))
    shown = np.linspace(0, wanted.frames - 1, min(_FRAMES, wanted.frames)).astype(int)
    rows = []
    for index in range(_CLIPS):
        clip = stream.clip(index)
        frames = [outlined(clip, int(frame)) for frame in shown]
        rows.append(np.hstack([cv2.resize(one, small) for one in frames]))
    done, png = cv2.imencode(".png", np.vstack(rows)[..., ::-1])
    if done:
        write_bytes_atomically(path, png.tobytes())
