"""Scenes: their alpha is exact whatever stands behind, beside or before the subject."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matting_core.training.render.backdrops import PhotographBackdrops
from matting_core.training.render.compose import (
    ComposedScene,
    SceneSources,
    compose_scene,
    draw_blob_mask,
)
from matting_core.training.render.foregrounds import ForegroundPairs
from matting_core.training.render.layer import AlphaLayer, Colours, Texture, layer_from_straight
from matting_core.types import Size
from tests.tables import table
from tests.training.pairs import disc, write_backgrounds, write_pair

SIZE = Size(72, 60)
ALPHA = disc(SIZE.hw).astype(np.float32)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def noise(seed: int) -> Colours:
    return rng(seed).random((*SIZE.hw, 3), np.float32)


def a_ball(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    radius = 0.3 * min(size) * rng.uniform(0.5, 1)
    return layer_from_straight(texture(rng, size), disc(size.hw, radius).astype(np.float32))


@pytest.fixture
def sources(tmp_path: Path) -> SceneSources:
    cutouts = ForegroundPairs([write_pair(tmp_path, "a"), write_pair(tmp_path, "b", 7, 12)], 100)
    return SceneSources(
        cutouts, PhotographBackdrops(write_backgrounds(tmp_path), 100, cutouts), {"ball": a_ball}
    )


def test_a_scene_is_alpha_times_foreground_and_the_rest_background() -> None:
    colours, background = noise(1), noise(2)
    scene = ComposedScene.place(layer_from_straight(colours, ALPHA), background)
    wanted = ALPHA[..., None] * colours + (1 - ALPHA[..., None]) * background
    assert np.abs(scene.picture - wanted).max() < 1e-6
    assert np.array_equal(scene.subject.alpha, ALPHA)


def test_what_stands_before_takes_alpha_away_exactly() -> None:
    front_alpha = rng(3).random(SIZE.hw, np.float32)
    front, colours, background = noise(4), noise(1), noise(2)
    scene = ComposedScene.place(layer_from_straight(colours, ALPHA), background).cover_with(
        layer_from_straight(front, front_alpha)
    )
    over, under = front_alpha[..., None], ALPHA[..., None]
    wanted = over * front + (1 - over) * (under * colours + (1 - under) * background)
    assert np.abs(scene.picture - wanted).max() < 1e-6
    assert np.abs(scene.subject.alpha - (1 - front_alpha) * ALPHA).max() < 1e-6


@table("seed", range(30))
def test_composed_scenes_stay_in_range(sources: SceneSources, seed: int) -> None:
    scene = compose_scene(
        layer_from_straight(noise(1), ALPHA), sources, rng(seed), sources.cutouts[0]
    )
    alpha, lit = scene.subject.alpha, scene.subject.premultiplied
    assert scene.picture.dtype == alpha.dtype == np.float32
    assert alpha.min() >= 0
    assert alpha.max() <= 1 + 1e-5
    assert lit.min() >= 0
    assert (lit <= alpha[..., None] + 1e-4).all()
    assert scene.rest.min() >= -1e-5
    assert (scene.rest <= 1 - alpha[..., None] + 1e-4).all()
    assert np.abs(scene.picture - (lit + scene.rest)).max() < 1e-3


def test_scenes_are_repeatable_and_differ(sources: SceneSources) -> None:
    subject = layer_from_straight(noise(1), ALPHA)
    first, again, other = (compose_scene(subject, sources, rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first.picture, again.picture)
    assert np.array_equal(first.subject.alpha, again.subject.alpha)
    assert not np.array_equal(first.picture, other.picture)


def test_some_subjects_are_hidden_some_hold_things_most_are_whole(sources: SceneSources) -> None:
    areas = []
    for seed in range(80):
        scene = compose_scene(layer_from_straight(noise(1), ALPHA), sources, rng(seed))
        areas.append(float(scene.subject.alpha.sum() / ALPHA.sum()))
    assert min(areas) > 0.45
    assert sum(area < 0.97 for area in areas) >= 4
    assert sum(area > 1.03 for area in areas) >= 4
    assert sum(0.97 <= area <= 1.03 for area in areas) >= 40


def test_without_pairs_and_materials_there_are_scenes_too(tmp_path: Path) -> None:
    none = ForegroundPairs([], 100)
    sources = SceneSources(none, PhotographBackdrops(write_backgrounds(tmp_path), 100, none), {})
    for seed in range(20):
        scene = compose_scene(layer_from_straight(noise(1), ALPHA), sources, rng(seed))
        assert scene.subject.alpha.max() > 0.5


def test_blobs_take_about_the_area_asked_for() -> None:
    areas = [float(draw_blob_mask(rng(k), Size(90, 90), 0.1, 2).mean()) for k in range(60)]
    assert 0.03 < np.mean(areas) < 0.12
    assert max(areas) < 0.3
