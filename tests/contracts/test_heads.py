"""What every head in the registry must do; a new head is tested here at once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from matting_core.document.refine import Mark
from matting_core.errors import InputError
from matting_core.matte.refining import Refinement, add_stroke
from matting_core.models.heads.base import Guide, MattingHead, run_head
from matting_core.models.registry import head_spec, head_specs
from matting_core.models.trackers.base import Features
from matting_core.types import DeviceChoice, Matte, Segmentation, Size, TrackState
from matting_core.windows import Window, cut_out
from tests.clips import Disc, disc_alpha, moving_disc_pictures
from tests.contracts.installed import parameters, skip_without, use_models_of_the_machine
from tests.core.factories import a_disc_with_strands, lost, segmentation_of
from tests.tables import table


@pytest.fixture(params=parameters(head_specs().values()))
def head(request: pytest.FixtureRequest) -> MattingHead:
    skip_without(head_spec(request.param).weights)
    return _built(request.param)


@pytest.fixture(autouse=True)
def models_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    use_models_of_the_machine(monkeypatch)


@cache
def _built(head_id: str) -> MattingHead:
    return head_spec(head_id).build(DeviceChoice.CPU)


def _guide(picture: np.ndarray, segmentation: Segmentation) -> Guide:
    """With the embedded tracker's features, for heads that ask for some."""

    def look(window: Window, side: int) -> Features:
        import torch

        from matting_core.models.trackers.sam2_tiny_flow.image_model import ImageModel

        model = ImageModel(side, torch.device("cpu"))
        return model.encode(cut_out(picture, window, side)).features()

    return Guide(segmentation, look)


def _picture(hw: tuple[int, int]) -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (*hw, 3), dtype=np.uint8)


def _check(matte: Matte, hw: tuple[int, int]) -> None:
    for plane in (matte.alpha, matte.roi, matte.confidence):
        assert plane.shape == hw
        assert plane.dtype == np.float32
        assert np.isfinite(plane).all()
        assert 0 <= plane.min() <= plane.max() <= 1


def _masks(hw: tuple[int, int]) -> dict[str, np.ndarray]:
    height, width = hw
    masks = {name: np.zeros(hw) for name in ("row", "column", "pixel", "corner", "disc", "speckle")}
    masks["row"][height // 2] = 1
    masks["column"][:, width // 2] = 1
    masks["pixel"][height // 2, width // 2] = 1
    masks["corner"][0, 0] = 1
    masks["disc"] = disc_alpha(Disc(width / 2, height / 2, min(hw) / 3), Size(width, height))
    masks["speckle"] = np.random.default_rng(2).random(hw) > 0.5
    return masks


MASKS = ("row", "column", "pixel", "corner", "disc", "speckle")
PLACES = [(mask, hw) for hw in ((33, 57), (16, 16)) for mask in MASKS]


@cache
def _any_features(side: int) -> Features:
    """Of one picture for all windows: where only the planes' form is asked for, they will do."""
    picture = _picture((48, 64))
    get_features = _guide(picture, segmentation_of(np.ones((8, 8)))).get_features
    return get_features(Window(0, 0, 64, 48), side)


@table(("mask", "hw"), [*PLACES, ("disc", (57, 33)), ("speckle", (96, 128))])
def test_any_mask_and_size_gives_planes_in_range(head, mask, hw) -> None:
    guide = Guide(segmentation_of(_masks(hw)[mask]), lambda _window, side: _any_features(side))
    _check(head.matte(_picture(hw), guide), hw)


def test_logits_may_be_smaller_than_the_frame(head) -> None:
    size = Size(161, 90)
    cover = disc_alpha(Disc(80, 45, 30), size)[..., None]
    shade = _picture(size.hw) / 8
    picture = (cover * (np.array([220, 170, 60]) - shade) + (1 - cover) * (40 + shade)).astype(
        np.uint8
    )
    matte = head.matte(picture, _guide(picture, segmentation_of(cover[1::3, 1::3, 0])))
    _check(matte, size.hw)
    assert matte.alpha[45, 80] > 0.9
    assert matte.alpha[2, 2] < 0.1


@table("state", [TrackState.LOST, TrackState.TRACKED])
def test_an_empty_mask_gives_an_empty_matte(head, state) -> None:
    segmentation = segmentation_of(np.zeros((64, 64)), state)
    picture = _picture((33, 57))
    matte = head.matte(picture, _guide(picture, segmentation))
    _check(matte, (33, 57))
    assert matte.alpha.max() < 1e-3
    if state is TrackState.LOST:
        assert not matte.alpha.any()


def test_a_full_mask_gives_a_full_matte(head) -> None:
    picture = _picture((33, 57))
    matte = head.matte(picture, _guide(picture, segmentation_of(np.ones((64, 64)))))
    _check(matte, (33, 57))
    assert matte.alpha.min() > 0.99


def test_strokes_of_a_person_are_obeyed(head) -> None:
    """Solid inside and outside the mask, clear on it, unknown far from it."""
    hw = (96, 128)
    picture, mask = _picture(hw), _masks(hw)["disc"]
    marks = np.zeros(hw, np.uint8)
    places = {Mark.SOLID: np.s_[2:10, 2:20], Mark.CLEAR: np.s_[40:50, 60:70]}
    places[Mark.UNKNOWN] = np.s_[80:94, 100:120]
    for mark, place in places.items():
        coverage = np.zeros(hw, np.uint8)
        coverage[place] = 255
        marks = add_stroke(marks, coverage, mark)
    guide = replace(_guide(picture, segmentation_of(mask)), refinement=Refinement(marks))
    matte = run_head(head, picture, guide)
    _check(matte, hw)
    assert (matte.alpha[places[Mark.SOLID]] == 1).all()
    assert (matte.alpha[places[Mark.CLEAR]] == 0).all()
    assert (matte.roi[places[Mark.UNKNOWN]] == 1).all()
    assert (matte.roi[places[Mark.CLEAR]] == 0).all()


@pytest.mark.parametrize(
    "head", parameters(map(head_spec, ("closed-form", "closed-form-roi", "wisp"))), indirect=True
)
def test_strands_far_from_the_mask_are_found_where_a_person_says_to_look(head) -> None:
    picture, truth, mask = a_disc_with_strands()
    coverage = np.zeros(mask.shape, np.uint8)
    coverage[45:135, 125:200] = 255
    strokes = Refinement(add_stroke(coverage * 0, coverage, Mark.UNKNOWN))
    guide = _guide(picture, segmentation_of(mask))
    without, matte = (
        run_head(head, picture, each) for each in (guide, replace(guide, refinement=strokes))
    )
    strands = np.s_[50:130, 150:185]
    before, after = (np.abs(each.alpha - truth)[strands].mean() for each in (without, matte))
    assert after < before * 0.8


def test_heads_hold_no_state_and_change_nothing(head) -> None:
    picture, segmentation = _picture((48, 64)), segmentation_of(_masks((48, 64))["disc"])
    picture.flags.writeable = segmentation.logits.flags.writeable = False
    first = head.matte(picture, _guide(picture, segmentation))
    other = _picture((33, 57))
    head.matte(other, _guide(other, lost((8, 8))))
    again = head.matte(picture, _guide(picture, segmentation))
    for part in ("alpha", "roi", "confidence"):
        assert np.array_equal(getattr(first, part), getattr(again, part))


def test_only_heads_that_say_so_need_features(request, head) -> None:
    spec = head_spec(request.node.callspec.params["head"])
    guide = Guide(segmentation_of(_masks((48, 64))["disc"]))
    if spec.needs_features:
        with pytest.raises(InputError, match="choose another head"):
            head.matte(_picture((48, 64)), guide)
    else:
        _check(head.matte(_picture((48, 64)), guide), (48, 64))


def _soft_disc() -> tuple[np.ndarray, np.ndarray, Segmentation]:
    """A disc with a soft edge eight pixels wide, and a coarse mask that is four pixels off."""
    size = Size(160, 120)
    y, x = np.mgrid[0 : size.height, 0 : size.width] + 0.5
    truth = np.clip((30 - np.hypot(x - 80, y - 60)) / 8 + 0.5, 0, 1)
    front, back = list(moving_disc_pictures(2, size))
    shade = front.astype(float).mean(2, keepdims=True) / 255
    cover = truth[..., None]
    rgb = cover * (np.array([250, 230, 120]) - 20 * shade) + (1 - cover) * (back * 0.1 + 20)
    mask = truth[2::4, 2::4] > 0.5
    return np.rint(rgb).astype(np.uint8), truth, segmentation_of(np.roll(mask, 1, axis=1))


def test_closed_form_recovers_a_soft_edge_that_the_mask_does_not() -> None:
    rgb, truth, segmentation = _soft_disc()
    guide = Guide(segmentation)
    error = {
        name: float(np.abs(_built(name).matte(rgb, guide).alpha - truth).mean())
        for name in ("closed-form", "mask")
    }
    assert error["closed-form"] < 0.7 * error["mask"]
    assert error["closed-form"] < 0.02


def test_closed_form_is_sure_outside_its_band() -> None:
    rgb, _, segmentation = _soft_disc()
    matte = _built("closed-form").matte(rgb, Guide(segmentation))
    assert set(np.unique(matte.roi)) == {0.0, 1.0}
    assert set(np.unique(matte.alpha[matte.roi == 0])) == {0.0, 1.0}
    assert (matte.confidence[matte.roi == 0] == 1).all()
    assert (matte.confidence[matte.roi == 1] < 1).any()
