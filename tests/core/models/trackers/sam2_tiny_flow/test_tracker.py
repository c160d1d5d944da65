"""What the embedded tracker does with real weights on real and made pictures."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from matting_core.document.prompts import BoxPrompt, Label, MaskPrompt, PointPrompt, Prompt
from matting_core.errors import OutOfMemoryError
from matting_core.matte.guides import mask_inside
from matting_core.media.masks import encode_mask
from matting_core.media.opening import open_source
from matting_core.metrics.regions import region_similarity
from matting_core.models.registry import tracker_spec
from matting_core.models.trackers.base import Tracker
from matting_core.models.trackers.sam2_tiny_flow.image_model import ImageModel
from matting_core.resources import resource_path
from matting_core.types import DeviceChoice, FrameRange, Quality, Segmentation, Size, TrackState
from tests.clips import Disc, disc_alpha
from tests.core.factories import ONE, TWO, ArraySource

pytestmark = pytest.mark.weights

RABBIT_BOX = (150.0, 60.0, 592.0, 632.0)
ROCK_BOX = (822.0, 256.0, 1240.0, 430.0)
BELLY, ARM, EAR = (460, 430), (260, 180), (345, 115)
ROCK, GRASS = (1000, 320), (900, 600)


@pytest.fixture(scope="module")
def rabbit() -> list[np.ndarray]:
    """Frames 77 to 79 of the demo clip."""
    source = open_source(resource_path("demo/bigbuckbunny.mp4"))
    pictures = [source.read(frame) for frame in (77, 78, 79)]
    source.close()
    return pictures


@pytest.fixture(scope="module")
def built() -> Iterator[Tracker]:
    tracker = tracker_spec("sam2-tiny-flow").build(DeviceChoice.CPU, Quality.FAST)
    yield tracker
    tracker.close()


@pytest.fixture(scope="module")
def still(rabbit):
    """Answers prompts on frame 77; returns (720, 1280) bool."""
    tracker = tracker_spec("sam2-tiny-flow").build(DeviceChoice.CPU, Quality.FAST)
    tracker.open(ArraySource(rabbit))

    def answer(*prompts: Prompt) -> np.ndarray:
        return mask_inside(tracker.segment(0, prompts), Size(1280, 720))

    yield answer
    tracker.close()


@pytest.fixture(scope="module")
def by_box(still) -> np.ndarray:
    return still(BoxPrompt(0, RABBIT_BOX))


def _track(tracker: Tracker, pictures: list, **prompts: Prompt) -> dict[int, Segmentation]:
    tracker.open(ArraySource(pictures))
    asked = {ONE: tuple(prompts.values())}
    steps = tracker.track(asked, FrameRange(0, len(pictures)), lambda *_: None)
    return {step.frame: step.segmentation for step in steps if step.anchor is None}


def _assert_lost(segmentation: Segmentation) -> None:
    assert segmentation.state is TrackState.LOST
    assert segmentation.confidence == 0
    assert (segmentation.logits < 0).all()


def test_a_box_gives_the_rabbit(by_box) -> None:
    assert by_box[BELLY[::-1]]
    assert by_box[ARM[::-1]]
    assert not by_box[ROCK[::-1]]
    assert not by_box[GRASS[::-1]]
    assert 0.08 < by_box.mean() < 0.30


def test_points_give_the_same_rabbit(still, by_box) -> None:
    by_points = still(PointPrompt(0, BELLY), PointPrompt(0, ARM))
    assert region_similarity(by_points, by_box) > 0.9


def test_one_point_gives_a_part_of_the_rabbit_and_nothing_else(still, by_box) -> None:
    by_point = still(PointPrompt(0, BELLY))
    assert by_point[BELLY[::-1]]
    assert (by_point & ~by_box).sum() < 0.05 * by_point.sum()


def test_a_mask_alone_is_taken_as_it_is(still, by_box) -> None:
    given = MaskPrompt(0, encode_mask(by_box.astype(np.float32)))
    assert region_similarity(still(given), by_box) > 0.98


def test_a_background_point_takes_its_place_away(still, by_box) -> None:
    less = still(BoxPrompt(0, RABBIT_BOX), PointPrompt(0, ARM, Label.BACKGROUND))
    assert not less[ARM[::-1]]
    assert less[BELLY[::-1]]
    assert less.sum() < by_box.sum()


def test_a_correction_of_a_mask_keeps_the_rest_of_it(still, by_box) -> None:
    given = MaskPrompt(0, encode_mask(by_box.astype(np.float32)))
    less = still(given, PointPrompt(0, ARM, Label.BACKGROUND))
    assert region_similarity(less, by_box) > 0.7
    more = still(given, PointPrompt(0, EAR))
    assert more[EAR[::-1]]
    assert region_similarity(more, by_box) > 0.9


def test_a_point_on_another_thing_gives_the_other_thing(still, by_box) -> None:
    rock = still(BoxPrompt(0, ROCK_BOX))
    assert rock[ROCK[::-1]]
    assert not (rock & by_box).any()


def test_the_rabbit_is_followed_from_frame_to_frame(built, rabbit, by_box) -> None:
    found = _track(built, rabbit[:2], box=BoxPrompt(0, RABBIT_BOX))
    assert found[1].state is TrackState.TRACKED
    assert found[1].confidence > 0.6
    assert region_similarity(mask_inside(found[1], Size(1280, 720)), by_box) > 0.85


@pytest.mark.slow
def test_two_objects_are_followed_apart(built, rabbit, by_box) -> None:
    built.open(ArraySource(rabbit[:2]))
    prompts = {ONE: (BoxPrompt(0, RABBIT_BOX),), TWO: (BoxPrompt(0, ROCK_BOX),)}
    steps = built.track(prompts, FrameRange(1, 2), lambda *_: None)
    found = {step.object_id: mask_inside(step.segmentation, Size(1280, 720)) for step in steps}
    assert region_similarity(found[ONE], by_box) > 0.85
    assert found[TWO][ROCK[::-1]]
    assert (found[ONE] & found[TWO]).sum() < 0.01 * found[TWO].sum()


def _texture(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).random((72, 128, 3), np.float32)
    large = cv2.resize(noise, (1280, 720), interpolation=cv2.INTER_CUBIC)
    return np.rint(np.clip(large, 0, 1) * 255).astype(np.uint8)


def _elsewhere(picture: np.ndarray) -> np.ndarray:
    """The meadow at the right of the demo clip, without any rabbit."""
    return cv2.resize(picture[:, 640:], (1280, 720), interpolation=cv2.INTER_LINEAR)


@pytest.mark.slow
def test_after_a_cut_to_another_place_the_object_is_lost(built, rabbit) -> None:
    pictures = [rabbit[0], *(_elsewhere(picture) for picture in rabbit[1:])]
    found = _track(built, pictures, box=BoxPrompt(0, RABBIT_BOX))
    assert found[0].state is TrackState.PROMPTED
    _assert_lost(found[1])
    _assert_lost(found[2])


@pytest.mark.slow
def test_over_a_cut_and_back_the_object_is_lost_and_found_again(built, rabbit, by_box) -> None:
    pictures = [rabbit[0], _texture(1), rabbit[1]]
    found = _track(built, pictures, box=BoxPrompt(0, RABBIT_BOX))
    _assert_lost(found[1])
    assert found[2].state is TrackState.TRACKED
    assert region_similarity(mask_inside(found[2], Size(1280, 720)), by_box) > 0.8


@pytest.mark.slow
def test_an_object_that_leaves_the_frame_is_lost(built) -> None:
    size = Size(320, 240)
    background = cv2.resize(_texture(2), tuple(size)).astype(np.float32) * 0.4
    discs = [Disc(x, 120, 36) for x in (255, 295, 335, 375)]
    pictures = []
    for disc in discs:
        cover = disc_alpha(disc, size)[..., None]
        pictures.append(np.rint(cover * (240, 200, 60) + (1 - cover) * background).astype(np.uint8))
    found = _track(built, pictures, box=BoxPrompt(0, (219, 84, 291, 156)))
    for frame, disc in enumerate(discs):
        truth = disc_alpha(disc, size) > 0.5
        inside = mask_inside(found[frame], size)
        if frame < 2:
            assert region_similarity(inside, truth) > 0.7, frame
        assert (inside & ~truth).mean() < 0.01, f"floods on frame {frame}"
    _assert_lost(found[3])


@pytest.mark.slow
@pytest.mark.parametrize("part", ["_encode", "_decode"])
def test_after_a_full_memory_the_tracker_can_be_used_again(
    built, rabbit, monkeypatch, part
) -> None:
    run, results, calls = getattr(ImageModel, part), {}, []

    def full_once(model, *args, **kwargs):
        if model.side == 512:
            calls.append(part)
            if len(calls) == 1:
                raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
        return run(model, *args, **kwargs)

    monkeypatch.setattr(ImageModel, part, full_once)
    built.open(ArraySource(rabbit[:2]))
    prompts, frames = {ONE: (BoxPrompt(0, RABBIT_BOX),)}, FrameRange(0, 2)
    steps = built.track(prompts, frames, lambda *_: None)
    with pytest.raises(OutOfMemoryError, match=r"cpu is out of memory at input 512; .*\.$"):
        results.update((step.frame, step.segmentation) for step in steps)
    assert list(results) == [0]
    again = built.track(prompts, frames, lambda _object, frame, *_: results.get(frame))
    assert [(step.frame, step.segmentation.state) for step in again] == [(1, TrackState.TRACKED)]


@pytest.mark.slow
def test_a_later_box_finds_what_the_first_frame_says_the_object_is(built, rabbit, by_box) -> None:
    """The rabbit and the rock: no one thing, but what the first frame's mask shows."""
    both = by_box.astype(np.float32)
    both[int(ROCK_BOX[1]) + 20 : 410, 860:1200] = 1
    around = BoxPrompt(2, (RABBIT_BOX[0], RABBIT_BOX[1], ROCK_BOX[2], RABBIT_BOX[3]))
    built.open(ArraySource(rabbit))
    found = {}
    for name, prompts in (
        ("alone", (around,)),
        ("after", (MaskPrompt(0, encode_mask(both)), around)),
    ):
        mask = mask_inside(built.segment(2, prompts), Size(1280, 720))
        found[name] = region_similarity(mask, both > 0)
    assert found["after"] > max(0.8, found["alone"] + 0.1)
