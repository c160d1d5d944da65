"""The stream of samples: repeatable in any order, never empty, mixed as asked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from matting_core.errors import InputError
from matting_core.training.datasets import ImagePair
from matting_core.training.render import samples
from matting_core.training.render.layer import AlphaLayer, Texture, layer_from_straight
from matting_core.training.render.samples import Mix, SampleStream, TrainingPicture
from matting_core.types import Size
from tests.tables import table
from tests.training.pairs import disc, write_backgrounds, write_image, write_pair

SIZE = Size(64, 48)


def a_ball(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    return layer_from_straight(
        texture(rng, size), disc(size.hw, 0.3 * min(size)).astype(np.float32)
    )


@pytest.fixture(autouse=True)
def materials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "MATERIALS", {"ball": a_ball})


@pytest.fixture
def pairs(tmp_path: Path) -> list[ImagePair]:
    return [write_pair(tmp_path, name, k, 14 + 2 * k) for k, name in enumerate("abc")]


@pytest.fixture
def backgrounds(tmp_path: Path) -> list[Path]:
    return write_backgrounds(tmp_path / "backgrounds")


def same(one: TrainingPicture, other: TrainingPicture) -> bool:
    return (
        one.kind == other.kind
        and np.array_equal(one.rgb, other.rgb)
        and np.array_equal(one.alpha, other.alpha)
    )


def test_samples_depend_on_seed_and_index_alone(
    pairs: list[ImagePair], backgrounds: list[Path], tmp_path: Path
) -> None:
    first = SampleStream(pairs, backgrounds, SIZE, 5)
    in_order = [first.sample(k) for k in range(12)]
    backwards = SampleStream(pairs, backgrounds, SIZE, 5, cache=tmp_path / "cache")
    for k in reversed(range(12)):
        assert same(backwards.sample(k), in_order[k])
    assert same(first.sample(3), in_order[3])
    other = SampleStream(pairs, backgrounds, SIZE, 6)
    assert not any(same(other.sample(k), in_order[k]) for k in range(4))
    assert not same(in_order[0], in_order[1])


@table("size", [SIZE, Size(48, 80)])
def test_samples_are_pictures_with_a_subject(
    pairs: list[ImagePair], backgrounds: list[Path], size: Size
) -> None:
    stream = SampleStream(pairs, backgrounds, size, 0)
    for k in range(60):
        sample = stream.sample(k)
        assert sample.rgb.shape == (*size.hw, 3)
        assert sample.rgb.dtype == np.uint8
        assert sample.alpha.shape == size.hw
        assert sample.alpha.dtype == np.float32
        assert 0 <= sample.alpha.min() <= 0.5 < sample.alpha.max() <= 1
        assert 0.03 <= (sample.alpha > 0.1).mean() <= 0.85


def test_kinds_are_mixed_as_asked(pairs: list[ImagePair], backgrounds: list[Path]) -> None:
    stream = SampleStream(pairs, backgrounds, SIZE, 0, Mix(0.5, 0.2, 0.3))
    kinds = Counter(stream.sample(k).kind for k in range(200))
    assert set(kinds) == {"natural", "composite", "rendered:ball"}
    assert kinds["natural"] == pytest.approx(100, abs=25)
    assert kinds["composite"] == pytest.approx(40, abs=20)


def test_a_kind_may_be_left_out(pairs: list[ImagePair], backgrounds: list[Path]) -> None:
    stream = SampleStream(pairs, backgrounds, SIZE, 0, Mix(0, 1, 0))
    assert {stream.sample(k).kind for k in range(8)} == {"composite"}


def test_without_pairs_everything_is_rendered(backgrounds: list[Path]) -> None:
    stream = SampleStream([], backgrounds, SIZE, 0)
    assert {stream.sample(k).kind for k in range(8)} == {"rendered:ball"}


def test_foregrounds_without_a_background_are_never_natural(
    pairs: list[ImagePair], backgrounds: list[Path]
) -> None:
    bare = [ImagePair(pair.image, pair.alpha, True) for pair in pairs]
    stream = SampleStream(bare, backgrounds, SIZE, 0, Mix(1, 1, 0))
    assert {stream.sample(k).kind for k in range(8)} == {"composite"}


def test_weights_say_which_pairs_are_drawn(
    pairs: list[ImagePair], backgrounds: list[Path], tmp_path: Path
) -> None:
    broken = write_image(tmp_path / "broken.png", np.zeros((3, 3), np.uint8))
    never = ImagePair(broken, pairs[0].alpha, weight=0)
    stream = SampleStream([*pairs, never], backgrounds, SIZE, 0, Mix(1, 0, 0))
    assert {stream.sample(k).kind for k in range(20)} == {"natural"}


def test_what_cannot_be_made_is_refused(pairs: list[ImagePair], backgrounds: list[Path]) -> None:
    with pytest.raises(InputError, match="no backgrounds"):
        SampleStream(pairs, [], SIZE, 0)
    with pytest.raises(InputError, match="without pairs"):
        SampleStream([], backgrounds, SIZE, 0, Mix(1, 1, 0))
    with pytest.raises(InputError, match="no mix"):
        Mix(0, 0, 0)
    with pytest.raises(InputError, match="no mix"):
        Mix(-1, 1, 1)


def test_pairs_without_a_subject_are_named_as_the_cause(
    pairs: list[ImagePair], backgrounds: list[Path]
) -> None:
    empty = write_image(pairs[0].alpha, np.zeros((60, 80), np.uint8))
    stream = SampleStream([ImagePair(pairs[0].image, empty)], backgrounds, SIZE, 0, Mix(1, 0, 0))
    with pytest.raises(InputError, match="check the pairs' alphas"):
        stream.sample(0)


def test_the_real_materials_can_be_drawn(
    backgrounds: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    stream = SampleStream([], backgrounds, Size(96, 96), 0)
    kinds = {stream.sample(k).kind for k in range(10)}
    assert len(kinds) >= 4
