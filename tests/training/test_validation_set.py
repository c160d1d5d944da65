from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from matting_core.errors import InputError
from matting_core.resources import resource_path
from matting_core.training.config import TrainConfig
from matting_core.training.validation_set import open_rendered_set
from tests.training.pairs import a_photograph, write_image, write_pair


@pytest.fixture
def training(tmp_path: Path) -> Path:
    """A pair for every name that is held out, one that is not, and a background."""
    folder = tmp_path / "train" / "pairs"
    config = TrainConfig.read(resource_path("training/wisp.toml"))
    for seed, part in enumerate(config.hold_out):
        write_pair(folder, f"{part}held", seed)
    write_pair(folder, "seen", 99)
    write_image(tmp_path / "train" / "backgrounds" / "one.png", a_photograph(7, (160, 160)))
    return tmp_path


def test_rendered_pictures_are_those_of_the_validation_set(training: Path) -> None:
    from matting_core.training.datasets import find_pairs
    from matting_core.training.producer import VALIDATION_SEED
    from matting_core.training.render.samples import SampleStream
    from matting_core.types import Size

    rendered = open_rendered_set(training, count=3, side=96)
    held_out = [p for p in find_pairs("wisp", training / "train" / "pairs") if "held" in str(p)]
    backgrounds = [training / "train" / "backgrounds" / "one.png"]
    stream = SampleStream(held_out, backgrounds, Size(96, 96), VALIDATION_SEED)
    assert rendered.frames == 3
    for index, case in enumerate(islice(rendered.cases(), 2)):
        sample = stream.sample(index)
        assert case.name == f"{index:02d}-{sample.kind.replace(':', '-')}"
        assert np.array_equal(case.source.read(0), sample.rgb)
        assert np.array_equal(case.truth(0), sample.alpha)


def test_rendering_needs_the_pairs_that_are_held_out(tmp_path: Path) -> None:
    write_pair(tmp_path / "train" / "pairs", "seen")
    write_image(tmp_path / "train" / "backgrounds" / "one.png", a_photograph(7))
    with pytest.raises(InputError, match="held out"):
        open_rendered_set(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"set 'rendered' needs the folder .*train/pairs, which"):
        open_rendered_set(tmp_path)
