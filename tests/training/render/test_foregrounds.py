"""Pairs as cutouts: averaged down, their colours estimated once and kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matting_core.errors import MediaError
from matting_core.training.datasets import ImagePair
from matting_core.training.render import foregrounds
from matting_core.training.render.foregrounds import ForegroundPairs, alpha_to_floats
from tests.training.pairs import a_photograph, disc, write_image, write_pair


def test_the_longest_side_is_limited_and_averaged(tmp_path: Path) -> None:
    cutout = ForegroundPairs([write_pair(tmp_path, "a")], 40)[0]
    assert cutout.size == (40, 30)
    wanted = disc().reshape(30, 2, 40, 2).mean((1, 3))
    assert np.abs(alpha_to_floats(cutout.alpha) - wanted).max() < 0.01


def test_foreground_colours_go_on_below_soft_alpha(tmp_path: Path) -> None:
    cutout = ForegroundPairs([write_pair(tmp_path, "a")], 200)[0]
    edge = (disc() > 0.2) & (disc() < 0.8)
    straight = cutout.foreground[edge].astype(float)
    assert np.abs(straight - (250, 60, 30)).mean() < 10
    assert np.abs(cutout.image[edge].astype(float) - (250, 60, 30)).mean() > 25


def test_image_is_foreground_over_background(tmp_path: Path) -> None:
    cutout = ForegroundPairs([write_pair(tmp_path, "a")], 200)[0]
    assert cutout.background is not None
    alpha = alpha_to_floats(cutout.alpha)[..., None]
    mixed = alpha * cutout.foreground + (1 - alpha) * cutout.background
    assert np.abs(mixed - cutout.image).mean() < 2


def test_a_foreground_only_pair_keeps_its_colours_and_has_no_background(tmp_path: Path) -> None:
    pair = write_pair(tmp_path, "a")
    cutout = ForegroundPairs([ImagePair(pair.image, pair.alpha, True)], 200)[0]
    assert cutout.background is None
    assert np.array_equal(cutout.foreground, cutout.image)


def test_estimates_are_kept_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair, cache = write_pair(tmp_path, "a"), tmp_path / "made" / "cache"
    first = ForegroundPairs([pair], 60, cache)[0]
    monkeypatch.setattr(foregrounds, "make_cutout", lambda *_: pytest.fail("estimated again"))
    second = ForegroundPairs([pair], 60, cache)[0]
    for name in ("image", "alpha", "foreground", "background"):
        assert np.array_equal(getattr(first, name), getattr(second, name))


def test_a_damaged_cache_is_made_again(tmp_path: Path) -> None:
    pair, cache = write_pair(tmp_path, "a"), tmp_path / "cache"
    first = ForegroundPairs([pair], 60, cache)[0]
    (stored,) = cache.iterdir()
    stored.write_bytes(stored.read_bytes()[:500])
    assert np.array_equal(ForegroundPairs([pair], 60, cache)[0].foreground, first.foreground)


def test_changed_pictures_and_other_sizes_are_not_mistaken(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    ForegroundPairs([write_pair(tmp_path, "a", seed=1)], 60, cache)[0]
    changed = ForegroundPairs([write_pair(tmp_path, "a", seed=2)], 60, cache)[0]
    smaller = ForegroundPairs([write_pair(tmp_path, "a", seed=2)], 30, cache)[0]
    assert smaller.size == (30, 22)
    assert len(list(cache.iterdir())) == 3
    whole = ForegroundPairs([write_pair(tmp_path, "a", seed=2)], 60)[0]
    assert np.array_equal(changed.image, whole.image)


def test_a_pair_of_two_sizes_is_refused(tmp_path: Path) -> None:
    pair = write_pair(tmp_path, "a")
    write_image(pair.image, a_photograph(0, (30, 30)))
    with pytest.raises(MediaError, match="differ in size"):
        ForegroundPairs([pair], 60)[0]


def test_flipping_mirrors_everything(tmp_path: Path) -> None:
    cutout = ForegroundPairs([write_pair(tmp_path, "a")], 200)[0]
    assert np.array_equal(cutout.flip().image, cutout.image[:, ::-1])
    assert np.array_equal(cutout.flip().alpha, cutout.alpha[:, ::-1])
    assert np.array_equal(cutout.flip().flip().foreground, cutout.foreground)
