from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from matting_core.models.trackers.sam2_tiny_flow import views
from matting_core.models.trackers.sam2_tiny_flow.flow import WarpedMask
from matting_core.models.trackers.sam2_tiny_flow.image_model import (
    DecodedMask,
    DecoderPrompt,
    EncodedPicture,
)
from matting_core.models.trackers.sam2_tiny_flow.memory import MemoryFrame, ObjectMemory
from matting_core.models.trackers.sam2_tiny_flow.views import (
    FrameView,
    make_cues,
    view_by_flow,
    view_by_memory,
)
from matting_core.types import Size
from matting_core.windows import Window, cut_out
from tests.core.models.trackers.sam2_tiny_flow.stubs import GRID, SIDE, Echo, encode
from tests.tables import table

SIZE = Size(80, 60)
WINDOW = Window(10, 5, 60, 45)


def _mask() -> np.ndarray:
    mask = np.zeros(SIZE.hw, np.float32)
    mask[15:35, 25:45] = 1
    return mask


def _memory() -> ObjectMemory:
    return ObjectMemory(MemoryFrame(0, WINDOW, _mask()))


def _flat(value: float) -> np.ndarray:
    return np.full(SIZE.hw, value, np.float32)


def _plain() -> ObjectMemory:
    """The prompted frame is 0.2 everywhere, a later one 0.6: so is what is read in them."""
    return ObjectMemory(MemoryFrame(0, WINDOW, _flat(0.2))).add(MemoryFrame(4, WINDOW, _flat(0.6)))


def _followed(trust: float = 1.0, memory: ObjectMemory | None = None, doubt: float = 0.0):
    warped = WarpedMask(_mask(), np.full(SIZE.hw, trust, np.float32), cut=False)
    return view_by_flow(warped, WINDOW, memory or _memory(), doubt, (1, encode))


def test_without_later_frames_the_prompted_one_speaks_twice() -> None:
    view = _followed()
    assert view.anchor.shape == (GRID, GRID)
    assert np.array_equal(view.anchor, view.later)


def test_later_frames_speak_for_themselves() -> None:
    nothing = MemoryFrame(4, WINDOW, np.zeros(SIZE.hw, np.float32))
    view = _followed(memory=_memory().add(nothing))
    assert view.anchor.max() > 0
    assert not view.later.any()


def test_prompted_frames_that_are_leaned_on_speak_with_the_nearest() -> None:
    elder = MemoryFrame(9, WINDOW, np.ones(SIZE.hw, np.float32))
    alone, leaning = _followed(), _followed(memory=replace(_memory(), earlier_prompts=(elder,)))
    assert leaning.anchor.mean() > alone.anchor.mean() + 0.1
    assert np.array_equal(leaning.later, leaning.anchor)


def test_the_guide_leans_on_flow_as_far_as_flow_is_trusted() -> None:
    inside = _mask() > 0.5
    trusted, doubted = _followed(1.0), _followed(0.0)
    assert np.allclose(trusted.guide[inside], 0.6 + 0.4 * trusted.from_memory[inside])
    assert np.array_equal(doubted.guide, doubted.from_memory)


def test_both_readings_count_alike_and_only_inside_the_window() -> None:
    narrow = Window(30, 20, 40, 30)
    warped = WarpedMask(_mask(), _flat(0.5), cut=False)
    view = view_by_flow(warped, narrow, _plain(), 0.0, (1, encode))
    assert view.from_memory[25, 35] == pytest.approx(0.4)
    assert view.from_memory[16, 26] == 0, "inside the mask, outside the window"
    assert view.guide[25, 35] == pytest.approx(0.5 * (0.6 + 0.4 * 0.4) + 0.5 * 0.4)
    assert np.array_equal(view.carried, _mask())
    assert (view.trust == 0.5).all()
    assert torch.equal(view.encoded.keys, encode(1, narrow).keys)


@table(("doubt", "x", "distance", "reach"), [(0, 52, 8, 8), (1, 12, 13, 24)])
def test_memory_fades_with_the_distance_from_the_mask(doubt, x, distance, reach) -> None:
    mask = _mask()
    mask[:, 45:51] = 0.4  # no part of the mask
    view = view_by_flow(WarpedMask(mask, _flat(1), cut=False), WINDOW, _plain(), doubt, (1, encode))
    assert view.from_memory[25, x] == pytest.approx(0.4 * np.exp(-0.5 * (distance / reach) ** 2))


def test_doubt_lets_memory_speak_farther_away() -> None:
    sure, unsure = _followed(doubt=0.0), _followed(doubt=1.0)
    far = (slice(6, 10), slice(11, 15))
    assert unsure.from_memory[far].sum() > sure.from_memory[far].sum()


def test_a_search_knows_nothing_from_flow() -> None:
    view = view_by_memory(Window(0, 0, *SIZE), SIZE, _memory(), (1, encode))
    assert not view.carried.any()
    assert not view.trust.any()
    assert np.array_equal(view.guide, view.from_memory)


def test_a_search_reads_all_that_is_remembered_over_the_whole_frame() -> None:
    looked = []

    def looking(frame: int, window: Window):
        looked.append((frame, window))
        return encode(frame, window)

    everywhere = Window(0, 0, *SIZE)
    view = view_by_memory(everywhere, SIZE, _plain(), (1, looking))
    assert {(1, everywhere), (0, everywhere), (4, everywhere)} <= set(looked)
    assert 0.21 < view.guide.min() <= view.guide.max() < 0.59


class Numbered(Echo):
    """A decoder whose answers are as sure as they come late: +-1, +-2, ... in given columns."""

    def __init__(self, columns: dict[int, slice]) -> None:
        super().__init__()
        self.columns = columns
        self.given: list[DecodedMask] = []

    def decode(
        self, seen: EncodedPicture, hints: DecoderPrompt, *, several: bool = False
    ) -> list[DecodedMask]:
        self.asked.append(hints)
        count = 3 if several else 1
        self.given += [self._answer(len(self.given) + number) for number in range(count)]
        return self.given[-count:]

    def _answer(self, number: int) -> DecodedMask:
        logits = np.full((SIDE // 4, SIDE // 4), -1 - number, np.float32)
        logits[:, self.columns.get(number, slice(0, 0))] = 1 + number
        return DecodedMask(logits, 0.5)


LEFT, MIDDLE, RIGHT = slice(0, 5), slice(5, 10), slice(10, 15)


def _cells(columns: slice) -> np.ndarray:
    """1 in some of the window's 16 columns of cells."""
    plane = np.zeros(SIZE.hw, np.float32)
    width = WINDOW.width / (SIDE // 4)
    first, last = (round(WINDOW.x0 + width * edge) for edge in (columns.start, columns.stop))
    plane[:, first:last] = 1
    return plane


def _mixed() -> FrameView:
    """Every plane is unlike the others."""
    grid = (GRID, GRID)
    return replace(
        _followed(),
        guide=_cells(LEFT),
        carried=_cells(MIDDLE),
        from_memory=_cells(RIGHT),
        trust=_flat(0.5),
        anchor=np.tile(np.array([0, 0, 1, 1], np.float32), (GRID, 1)),
        later=np.full(grid, 0.25, np.float32),
    )


def test_each_plane_is_at_its_place() -> None:
    view = _mixed()
    cues = make_cues(view, Numbered({}), area=0.1)
    assert np.array_equal(cues[0], cut_out(view.carried, WINDOW, SIDE // 4))
    assert cues[1] == pytest.approx(0.5, abs=1e-6)
    assert (cues[2, :, 0] == 0).all()
    assert (cues[2, :, -1] == 1).all()
    assert ((cues[2] > 0) & (cues[2] < 1)).any(), "enlarged smoothly"
    assert (cues[3] == 0.25).all()


def test_the_decoder_is_asked_with_each_guess_and_the_fittest_answer_comes_first(
    monkeypatch,
) -> None:
    chosen = []

    def pick(answers, expected):
        chosen.append((answers, expected))
        return answers[-1]

    monkeypatch.setattr(views, "choose", pick)
    view, decoder = _mixed(), Numbered({})
    cues = make_cues(view, decoder, area=0.1)
    ((answers, expected),) = chosen
    assert len(answers) == 15
    assert {id(answer) for answer in answers} == {id(answer) for answer in decoder.given}
    for hints, columns in zip(decoder.asked[:3], (LEFT, MIDDLE, RIGHT), strict=True):
        middle = (columns.start + columns.stop) // 2
        assert hints.logits[:, middle].min() > 9.9
        assert (hints.logits > 0).mean() == pytest.approx(5 / 16, abs=1 / 16)
    assert np.array_equal(expected.guide, cut_out(view.guide, WINDOW, SIDE // 4))
    assert np.array_equal(expected.from_memory, cut_out(view.from_memory, WINDOW, SIDE // 4))
    assert expected.area == pytest.approx(0.1 * (80 * 60) / (50 * 40))
    assert (cues[4] == -1.5).all()
    make_cues(view, Numbered({}), area=0.9)
    assert chosen[-1][1].area == 1


def test_the_answers_to_the_guide_are_shown_by_themselves() -> None:
    # 0: to the mask, 3: to mask and box, 6 to 8: to the box; the rest: to other guesses
    decoder = Numbered({3: LEFT, 6: LEFT, 7: MIDDLE, 8: RIGHT, 9: LEFT})
    cues = make_cues(_mixed(), decoder, area=0.1)
    assert np.array_equal(cues[5], decoder.given[0].logits / 10)
    assert np.array_equal(cues[6], decoder.given[6].logits / 10)


@table(("logit", "cue"), [(15, 1.5), (30, 2), (-30, -2)])
def test_logits_are_shown_as_tenths_up_to_two(monkeypatch, logit, cue) -> None:
    answer = DecodedMask(np.full((SIDE // 4, SIDE // 4), logit, np.float32), 0.5)
    monkeypatch.setattr(views, "choose", lambda *_: answer)
    assert (make_cues(_mixed(), Echo(), area=0.1)[4] == cue).all()


def test_cues_are_the_planes_that_the_network_was_trained_on() -> None:
    cues = make_cues(_followed(), Echo(), area=0.1)
    assert cues.shape == (7, SIDE // 4, SIDE // 4)
    assert cues.dtype == np.float32
    assert 0 <= cues[:4].min() <= cues[:4].max() <= 1
    assert cues[0].max() == 1
    assert np.abs(cues[4:]).max() <= 2
    assert cues[6].min() == 0.5, "box and point are answered with the full square"


@table("side", [0, 1])
def test_where_nothing_is_expected_the_decoder_is_not_asked(side) -> None:
    empty, decoder = np.zeros(SIZE.hw, np.float32), Echo()
    view = replace(_followed(), guide=empty, carried=empty, from_memory=empty)
    cues = make_cues(view, decoder, area=0.1)
    assert not decoder.asked
    assert (cues[4:] == -1).all()
