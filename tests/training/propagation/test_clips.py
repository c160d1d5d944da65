"""Clips: exact masks of hand-made scenes, and drawn ones that depend on seed and number only."""

from __future__ import annotations

import numpy as np
import pytest

from matting_core.errors import MediaError
from matting_core.training.propagation import scene as scene_module
from matting_core.training.propagation.clips import (
    SceneCut,
    TrainingClip,
    draw_outline,
    render_clip,
)
from matting_core.training.propagation.scene import ClipScene, draw_scene
from matting_core.training.propagation.synthetic_objects import draw_synthetic_object
from matting_core.types import Size
from tests.training.propagation.films import (
    CANVAS,
    FRAMES,
    BrightProps,
    a_block,
    a_stream,
)

RNG = np.random.default_rng


def block_scene() -> ClipScene:
    """A block and an attached one that go right by 6 pixels, behind a still post."""
    backdrop = a_block(Size(200, 200), 30, [(48, 36)] * 3)
    rider = a_block(Size(20, 10), 220, [(30 + 6 * k, 30) for k in range(3)])
    cycle = a_block(Size(30, 6), 120, [(30 + 6 * k, 38) for k in range(3)])
    stranger = a_block(Size(60, 60), 90, [(40, 36)] * 3)
    post = a_block(Size(4, 72), 60, [(44, 36)] * 3)
    return ClipScene(backdrop, (stranger,), (rider, cycle), (post,))


def test_the_mask_is_what_is_seen_of_all_the_objects_layers() -> None:
    clip = render_clip(block_scene(), CANVAS, 3, RNG(0))
    for frame, mask in enumerate(clip.masks):
        wanted = np.zeros(CANVAS.hw, bool)
        wanted[25:35, 20 + 6 * frame : 40 + 6 * frame] = True
        wanted[35:41, 15 + 6 * frame : 45 + 6 * frame] = True
        wanted[:, 42:46] = False
        np.testing.assert_array_equal(mask, wanted)


def test_frames_show_the_scene_in_the_right_colours() -> None:
    clip = render_clip(block_scene(), CANVAS, 1, RNG(3))
    frame = clip.frames[0]
    assert (frame.shape, frame.dtype) == ((*CANVAS.hw, 3), np.uint8)
    for (y, x), grey in (((29, 28), 220), ((38, 25), 120), ((60, 30), 90), ((5, 90), 30)):
        assert frame[y - 1 : y + 2, x - 1 : x + 2].mean() == pytest.approx(grey, abs=20)
    red = a_block(Size(300, 300), 0, [(48, 36)])
    red.picture[..., 0] = 0.8
    shot = render_clip(ClipScene(red, (), (red,), ()), CANVAS, 1, RNG(0)).frames[0]
    assert shot[..., 0].mean() > 150
    assert shot[..., 2].mean() < 60


def test_a_cut_shows_something_else_and_none_of_it_is_the_object() -> None:
    elsewhere = a_block(Size(300, 300), 200, [(48, 36)] * 3)
    cut = SceneCut(1, 2, ClipScene(elsewhere, (), (elsewhere,), ()))
    clip = render_clip(block_scene(), CANVAS, 3, RNG(0), cut)
    assert [mask.any() for mask in clip.masks] == [True, False, True]
    assert clip.frames[1].mean() == pytest.approx(200, abs=15)
    assert clip.frames[2].mean() < 80


def test_some_streamed_clips_lose_their_object_for_a_while() -> None:
    clips = [a_stream(frames=6).clip(index) for index in range(24)]
    shown = [[mask.any() for mask in clip.masks] for clip in clips]
    assert any(not all(each) and each[-1] for each in shown)
    assert sum(all(each) for each in shown) > 12


def same(one: TrainingClip, other: TrainingClip) -> bool:
    pairs = (*zip(one.frames, other.frames, strict=True), *zip(one.masks, other.masks, strict=True))
    return all(np.array_equal(a, b) for a, b in pairs)


def test_a_clip_depends_on_seed_and_number_only() -> None:
    forwards, backwards = a_stream(), a_stream()
    first = [forwards.clip(index) for index in (0, 1)]
    second = [backwards.clip(index) for index in (1, 0)]
    assert same(first[0], second[1])
    assert same(first[1], second[0])
    assert not same(first[0], first[1])
    assert not same(first[0], a_stream(seed=1).clip(0))


def test_objects_are_seen_at_first_and_clips_differ_in_everything() -> None:
    clips = [a_stream().clip(index) for index in range(12)]
    areas = [clip.masks[0].mean() for clip in clips]
    assert min(areas) >= 0.0015
    assert max(areas) > 4 * min(areas)
    assert all(len(clip.frames) == len(clip.masks) == FRAMES for clip in clips)
    assert any((clip.masks[0] != clip.masks[-1]).any() for clip in clips)


def test_scenes_have_parts_distractors_occluders_and_leave_the_frame() -> None:
    scenes = [draw_scene(RNG(seed), BrightProps(), CANVAS, 8) for seed in range(60)]
    for counts in (
        {len(scene.subject) for scene in scenes},
        {len(scene.behind) for scene in scenes},
        {len(scene.front) for scene in scenes},
    ):
        assert len(counts) >= 3
    steps = [
        max(abs(actor.motion.velocity(frame)[0]) for frame in range(8))
        for scene in scenes
        for actor in scene.subject
    ]
    assert max(steps) > CANVAS.width
    assert np.median(steps) < 0.5 * CANVAS.width


def test_props_that_cannot_be_seen_are_told(monkeypatch) -> None:
    def nothing(*_args) -> np.ndarray:
        return np.zeros((30, 30, 4), np.uint8)

    monkeypatch.setattr(BrightProps, "cutout", nothing)
    monkeypatch.setattr(scene_module, "draw_synthetic_object", nothing)
    with pytest.raises(MediaError, match="No object"):
        a_stream().clip(0)


def test_drawn_things_are_of_many_shapes() -> None:
    covers = [draw_synthetic_object(RNG(seed), BrightProps().texture)[..., 3] for seed in range(15)]
    shares = [(cover > 127).mean() for cover in covers]
    assert 0 < min(shares) < 0.05 < max(shares)
    again = draw_synthetic_object(RNG(0), BrightProps().texture)[..., 3]
    assert np.array_equal(again, covers[0])


def test_an_outlined_frame_leaves_the_clip_as_it_is() -> None:
    clip = render_clip(block_scene(), CANVAS, 1, RNG(0))
    before = clip.frames[0].copy()
    assert not np.array_equal(draw_outline(clip, 0), before)
    assert np.array_equal(clip.frames[0], before)
