"""Props: what training and validation may see of pairs and photographs."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from matting_core.errors import MediaError
from matting_core.training.propagation import object_source
from matting_core.training.propagation.object_source import make_object_source
from matting_core.types import Size
from tests.training.pairs import write_image
from tests.training.propagation.films import SIDE, SureModel, a_config, write_photographs


@pytest.fixture
def config(tmp_path: Path):
    write_photographs(tmp_path)
    return a_config(tmp_path)


def test_subjects_come_with_their_alpha_and_textures_at_their_size(config) -> None:
    made = make_object_source(config, None, held_out=False)
    rng = np.random.default_rng(0)
    cutout = made.cutout(rng)
    assert cutout.dtype == np.uint8
    assert cutout.shape[2] == 4
    assert 0 < (cutout[..., 3] > 127).mean() < 1
    texture = made.texture(rng, Size(50, 40))
    assert (texture.shape, texture.dtype) == ((40, 50, 3), np.uint8)


def test_regions_of_photographs_are_used_too(config) -> None:
    made = make_object_source(config, SureModel(SIDE), held_out=False)
    rng = np.random.default_rng(0)
    for _ in range(10):
        made.cutout(rng)
    assert list(config.cutout_folder.glob("*.safetensors"))


def test_what_is_held_out_is_seen_in_validation_only(config, monkeypatch) -> None:
    monkeypatch.setattr(object_source, "is_held_out", lambda path: "1" in path.name)
    training, validation = (
        make_object_source(config, None, held_out=held) for held in (False, True)
    )
    for part in ("_pictures", "_backgrounds"):
        apart = [{path.name for path in getattr(one, part)} for one in (training, validation)]
        assert apart[0]
        assert apart[1]
        assert not apart[0] & apart[1]
    named = dataclasses.replace(config, hold_out=("thing0",))
    names = {path.name for path in make_object_source(named, None, held_out=True)._pictures}
    assert "thing0_image.png" in names


def test_where_nothing_would_be_left_both_have_them_all(config, monkeypatch) -> None:
    for answer in (True, False):
        monkeypatch.setattr(object_source, "is_held_out", lambda path, answer=answer: answer)
        for held in (True, False):
            assert len(make_object_source(config, None, held_out=held)._pictures) == 5


def test_empty_alphas_are_told(config, tmp_path: Path) -> None:
    for path in (tmp_path / "pairs").glob("*_alpha.png"):
        write_image(path, np.zeros((120, 160), np.uint8))
    with pytest.raises(MediaError, match="Neither pairs nor photographs"):
        make_object_source(config, None, held_out=False).cutout(np.random.default_rng(0))


def test_an_alpha_of_another_size_is_told(config, tmp_path: Path) -> None:
    for path in (tmp_path / "pairs").glob("*_alpha.png"):
        write_image(path, np.zeros((12, 16), np.uint8))
    with pytest.raises(MediaError, match="differ in size"):
        make_object_source(config, None, held_out=False).cutout(np.random.default_rng(0))
