"""What a text finds is carried both ways; objects and interruptions leave each other alone."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from matting_core.document.prompts import PointPrompt, TextPrompt
from matting_core.errors import InputError
from matting_core.models.trackers.sam3.network import Instance, normalise_frame
from matting_core.models.trackers.sam3.tracker import Sam3
from matting_core.types import FrameRange, ObjectId, Segmentation, Size, TrackState
from matting_core.windows import Window, cut_out
from tests.clips import moving_disc_pictures
from tests.core.factories import ONE, TWO, ArraySource, a_box, a_mask
from tests.core.models.trackers.prompted import PromptedTracker
from tests.core.models.trackers.sam3.networks import SMALL_SIDE, small_network

SIZE = Size(96, 72)
FRAMES = 12
ALL = FrameRange(0, FRAMES)
PICTURES = list(moving_disc_pictures(FRAMES, SIZE))
CELLS = SMALL_SIDE * 2 // 7
NAMED = (TextPrompt(5, "the disc"),)
Results = dict[tuple[ObjectId, int], Segmentation]


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """The texts that the detector is asked for; it finds one thing whatever they are."""
    texts: list[str] = []
    logits = np.full((CELLS, CELLS), -5, np.float32)
    logits[8:24, 4:20] = 5

    def find(_encoded, text: str) -> list[Instance]:
        texts.append(text)
        return [Instance(logits, 0.8)]

    monkeypatch.setattr(small_network(), "find", find)
    return texts


@pytest.fixture
def encoded(monkeypatch) -> list[int]:
    """Counts the frames that are encoded."""
    network, seen = small_network(), []
    encode = network.encode

    def counting(picture):
        seen.append(picture.shape[-1])
        return encode(picture)

    monkeypatch.setattr(network, "encode", counting)
    return seen


def _tracker(prompts, *, fast: bool = False, source: ArraySource | None = None) -> PromptedTracker:
    still = small_network()
    tracker = Sam3(still, small_network(SMALL_SIDE // 2) if fast else still)
    tracker.open(source or ArraySource(PICTURES))
    return PromptedTracker(tracker, prompts)


def _run(tracker: PromptedTracker, objects=(ONE,), known: Results | None = None) -> Results:
    there = known or {}
    steps = tracker.track(objects, ALL, lambda obj, frame: there.get((obj, frame)))
    return {(step.object_id, step.frame): step.segmentation for step in steps if not step.again}


def _same(one: Results, other: Results) -> bool:
    return set(one) == set(other) and all(
        np.array_equal(one[key].logits, other[key].logits)
        and (one[key].confidence, one[key].state) == (other[key].confidence, other[key].state)
        for key in one
    )


@pytest.mark.parametrize("fast", [False, True])
def test_a_text_is_answered_on_its_frame_and_tracked_both_ways(asked, fast) -> None:
    results = _run(_tracker({ONE: NAMED}, fast=fast))
    assert asked == ["the disc"]
    assert set(results) == {(ONE, frame) for frame in ALL}
    prompted = results[ONE, 5]
    assert prompted.state is TrackState.PROMPTED
    assert prompted.confidence == pytest.approx(0.8, abs=1e-3)
    assert (prompted.logits > 0).sum() == 16 * 16
    others = [found.state for (_, frame), found in results.items() if frame != 5]
    assert TrackState.PROMPTED not in others


@pytest.mark.parametrize("fast", [False, True])
def test_a_run_that_was_cut_and_resumed_is_bit_identical(asked, fast) -> None:
    uncut = _run(_tracker({ONE: NAMED}, fast=fast))
    tracker = _tracker({ONE: NAMED}, fast=fast)
    run = tracker.track([ONE], ALL, lambda *_: None)
    results = {(ONE, step.frame): step.segmentation for step in islice(run, 4)}
    run.close()
    for resuming in (tracker, _tracker({ONE: NAMED}, fast=fast)):
        rest = _run(resuming, known=results)
        assert not set(rest) & set(results)
        assert _same(results | rest, uncut)


def test_objects_do_not_change_each_other(asked) -> None:
    both = {ONE: NAMED, TWO: (a_box(2, (20, 16, 70, 60)),)}
    together = _run(_tracker(both), [ONE, TWO])
    apart = _run(_tracker({ONE: NAMED})) | _run(_tracker({TWO: both[TWO]}), [TWO])
    assert _same(together, apart)


def test_a_frame_is_read_and_encoded_once_for_all_objects(asked, encoded) -> None:
    source = ArraySource(PICTURES)
    prompts = {ONE: (TextPrompt(0, "disc"),), TWO: (a_mask(0, SIZE),)}
    _run(_tracker(prompts, source=source), [ONE, TWO])
    assert len(encoded) == FRAMES
    assert source.reads == list(ALL)


def test_a_point_beside_a_text_corrects_what_it_finds(asked) -> None:
    tracker = _tracker({ONE: (*NAMED, PointPrompt(5, (40, 30)))})
    corrected = tracker.segment(5, ONE)
    tracker.prompts = {ONE: NAMED}
    assert not np.array_equal(corrected.logits, tracker.segment(5, ONE).logits)


def test_what_is_found_nowhere_stops_the_track_with_a_sentence(monkeypatch) -> None:
    monkeypatch.setattr(small_network(), "find", lambda *_: [])
    tracker = _tracker({ONE: NAMED})
    for ask in (lambda: tracker.segment(5, ONE), lambda: _run(tracker)):
        with pytest.raises(InputError, match="finds nothing on frame 5 that 'the disc' names"):
            ask()


def test_features_are_those_that_prompts_are_answered_by(monkeypatch) -> None:
    tracker, network = _tracker({ONE: (a_box(5),)}), small_network()
    encoded, encode = [], network.encode
    monkeypatch.setattr(network, "encode", lambda picture: encoded.append(1) or encode(picture))
    tracker.segment(5, ONE)
    found = tracker.features(5, Window(0, 0, *SIZE), SMALL_SIDE)
    assert len(encoded) == 1, "a frame is encoded once for both"
    again = network.compute_features(normalise_frame(PICTURES[5], SMALL_SIDE))
    assert np.array_equal(found.stride4, again.stride4)
    assert found.stride16.shape[2:] == (SMALL_SIDE // 14,) * 2


def test_features_of_a_window_are_of_what_is_in_it() -> None:
    tracker, window = _tracker({}), Window(8, 4, 72, 68)
    found = tracker.features(5, window, SMALL_SIDE)
    cut = normalise_frame(cut_out(PICTURES[5], window, SMALL_SIDE), SMALL_SIDE)
    assert np.array_equal(found.stride8, small_network().compute_features(cut).stride8)


def test_at_another_side_than_the_network_s_there_are_none() -> None:
    assert _tracker({}).features(0, Window(0, 0, *SIZE), 512) is None
