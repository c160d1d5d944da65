"""Crops of pairs on their own backgrounds: picture and alpha are warped alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from matting_core.training.render.foregrounds import Cutout, ForegroundPairs
from matting_core.training.render.natural import crop_pair
from matting_core.training.render.warp import measure_share
from matting_core.types import Size
from tests.tables import table
from tests.training.pairs import disc, write_pair

SIZE = Size(48, 40)


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def alpha_as_picture(radius: float = 18) -> Cutout:
    """A pair whose picture shows its own alpha."""
    alpha = disc(radius=radius)
    grey = np.repeat(np.rint(alpha * 255).astype(np.uint8)[..., None], 3, 2)
    return Cutout(grey, np.rint(alpha * 65535).astype(np.uint16), grey, np.zeros_like(grey))


@table("seed", range(20))
def test_the_alpha_is_warped_like_the_image(seed: int) -> None:
    picture, alpha = crop_pair(alpha_as_picture(), SIZE, rng(seed))
    assert picture.shape == (40, 48, 3)
    assert alpha.shape == (40, 48)
    assert np.abs(picture[..., 0] - alpha).max() < 0.02


def test_crops_are_repeatable_and_differ() -> None:
    cutout = alpha_as_picture()
    first, again, other = (crop_pair(cutout, SIZE, rng(seed))[1] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_subjects_are_seen_and_only_sometimes_cut() -> None:
    shares, touching = [], 0
    for seed in range(60):
        _, alpha = crop_pair(alpha_as_picture(), SIZE, rng(seed))
        shares.append(measure_share(alpha))
        edges = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
        touching += bool((edges > 0.5).any())
    assert min(shares) > 0.03
    assert max(shares) < 0.85
    assert np.ptp(shares) > 0.15
    assert 6 <= touching <= 50


def test_a_distractor_leaves_the_subject_alone(tmp_path: Path) -> None:
    cutouts = ForegroundPairs([write_pair(tmp_path, "a"), write_pair(tmp_path, "b", 7)], 100)
    changed = 0.0
    for seed in range(8):
        plain, alpha = crop_pair(cutouts[0], SIZE, rng(seed))
        busy, same = crop_pair(cutouts[0], SIZE, rng(seed), cutouts[1])
        assert np.array_equal(alpha, same)
        assert np.abs(busy - plain)[alpha > 0.999].max(initial=0) < 0.004
        changed += np.abs(busy - plain).mean()
    assert changed > 0.05
