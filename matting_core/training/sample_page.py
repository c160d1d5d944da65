"""A page of training pictures, to look at before hours are spent on them."""

from __future__ import annotations

from pathlib import Path

import cv2

from matting_core.files import write_bytes_atomically
from matting_core.training.config import TrainConfig
from matting_core.training.producer import background_files, split_pairs
from matting_core.training.render.samples import SampleStream
from matting_core.training.render.sheet import contact_sheet
from matting_core.types import Size

_SHOWN = 24
_SIDE = 256


def write_sample_page(config: TrainConfig, path: Path) -> None:
    """Write a PNG of the first training pictures: picture, alpha, and the subject on green.

    Raises:
        InputError: the configuration's data cannot be found.
        ExportError: the file cannot be written.
    """
    if config.network == "follower":
        from matting_core.training.propagation.page import write_clip_page

        write_clip_page(config, path)
        return
    seen, _ = split_pairs(config)
    wanted = config.examples
    size = Size(wanted.picture, wanted.picture)
    cache = config.training_pool.parent / "foregrounds"
    stream = SampleStream(seen, background_files(config), size, config.seed, wanted.mix, cache)
    items = []
    for index in range(_SHOWN):
        sample = stream.sample(index)
        rgb, alpha = (
            cv2.resize(plane, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
            for plane in (sample.rgb, sample.alpha)
        )
        items.append((sample.kind, rgb, alpha))
    done, png = cv2.imencode(".png", contact_sheet(items, columns=3)[..., ::-1])
    if done:
        write_bytes_atomically(path, png.tobytes())
