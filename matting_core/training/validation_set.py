"""Validation set of rendered pictures, as a test set of `wisp bench quality`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from matting_core.evaluation.quality.cases import Case, CaseSet, make_still_case
from matting_core.evaluation.quality.sets import STILL_METRICS, check_folder
from matting_core.resources import resource_path
from matting_core.training.config import TrainConfig
from matting_core.training.datasets import Dataset
from matting_core.training.producer import VALIDATION_SEED, background_files, split_pairs
from matting_core.training.render.samples import SampleStream
from matting_core.types import Size

_TRAINING = Path("train")
_CONFIGURATION = "training/wisp.toml"


def open_rendered_set(data: Path, count: int = 24, side: int | None = None) -> CaseSet:
    """Open the first pictures of the validation set of the shipped weights' training.

    Args:
        data: holds train/pairs and train/backgrounds.
        count: how many pictures.
        side: theirs; as in the training's configuration unless given.

    Raises:
        InputError: a folder is missing, or the pairs that are held out are.
        MediaError: there are no pairs.
    """
    pairs, backgrounds = (data / _TRAINING / part for part in ("pairs", "backgrounds"))
    for folder in (pairs, backgrounds):
        check_folder(folder, "rendered")
    config = dataclasses.replace(
        TrainConfig.read(resource_path(_CONFIGURATION)),
        data=(Dataset("wisp", pairs),),
        backgrounds=(backgrounds,),
    )
    _, held_out = split_pairs(config)
    photographs = background_files(config)
    side = side or config.examples.picture
    mix = config.examples.validation_mix
    title = "rendered validation set, one box (subjects held out, backgrounds those of training)"

    def cases() -> Iterator[Case]:
        stream = SampleStream(held_out, photographs, Size(side, side), VALIDATION_SEED, mix)
        for index in range(count):
            sample = stream.sample(index)
            name = f"{index:02d}-{sample.kind.replace(':', '-')}"
            yield make_still_case(name, sample.rgb, sample.alpha)

    return CaseSet("rendered", title, STILL_METRICS, count, True, cases)
