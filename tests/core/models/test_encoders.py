"""A head is given the features of the network it was trained on, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import torch

from matting_core.document.project import Settings
from matting_core.errors import ModelError
from matting_core.models import encoders, session
from matting_core.models.encoders import EmbeddedEncoder, are_compatible, make_extra_encoder
from matting_core.models.heads.base import Guide, HeadSpec
from matting_core.models.registry import head_specs, tracker_specs
from matting_core.models.session import Session
from matting_core.models.trackers.base import Features, TrackerSpec
from matting_core.models.trackers.fake import FakeTracker
from matting_core.models.trackers.sam2_tiny_flow import EMBEDDED_ENCODER
from matting_core.results.service import ResultService
from matting_core.results.store import MatteCache
from matting_core.types import DeviceChoice, Matte
from matting_core.windows import Window
from tests.core.factories import ONE, SIZE, a_box, a_project, flat_source
from tests.tables import table

WINDOW = Window(4, 2, 30, 40)
TRACKERS = {
    spec.id: spec
    for spec in (
        TrackerSpec("plain", "Plain", "1", lambda *_: FakeTracker()),
        TrackerSpec("ours", "Ours", "1", lambda *_: Giving("ours"), encoder=EMBEDDED_ENCODER),
        TrackerSpec("big", "Big", "1", lambda *_: Giving("big"), encoder="big"),
        TrackerSpec("tuned", "Tuned", "1", lambda *_: Giving("tuned"), encoder="big"),
        TrackerSpec("secret", "S", "1", lambda *_: Giving("s"), encoder="big", hidden=True),
    )
}


class Giving(FakeTracker):
    """A tracker whose features say whose they are."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def features(self, frame: int, window: Window, side: int) -> Features:
        return Features(self._name, frame, (window, side))


@dataclass
class Looking:
    """A head that notes what it is shown."""

    shown: list[Features] = field(default_factory=list)

    def matte(self, rgb, guide: Guide) -> Matte:
        self.shown.append(guide.get_features(WINDOW, 512))
        return Matte(*np.zeros((3, *rgb.shape[:2]), np.float32))


@dataclass
class StubModel:
    """Stands in for the embedded image model."""

    side: int
    device: torch.device

    def encode(self, rgb) -> StubModel:
        assert rgb.shape == (self.side, self.side, 3)
        self.value = int(rgb[0, 0, 0])
        return self

    def features(self) -> Features:
        return Features("embedded", self.value, self.side)


def _head(encoder: str | None) -> HeadSpec:
    return HeadSpec(
        "looking", "Looking", "1", lambda _: Looking(), (), encoder is not None, encoder
    )


@pytest.fixture(autouse=True)
def known(monkeypatch) -> None:
    from matting_core.models.trackers.sam2_tiny_flow import image_model

    monkeypatch.setattr(encoders, "tracker_specs", lambda: TRACKERS)
    monkeypatch.setattr(image_model, "ImageModel", StubModel)


def _shown(monkeypatch, tracker: str, encoder: str | None) -> list[Features]:
    """What the head is shown when it mattes frame 3 beside a tracker."""
    chosen = TRACKERS[tracker]
    monkeypatch.setattr(session, "tracker_spec", lambda _: chosen)
    monkeypatch.setattr(session, "build_tracker", lambda _, *how: chosen.build(*how))
    monkeypatch.setattr(session, "head_spec", lambda _: _head(encoder))
    project = replace(a_project(a_box(3)), settings=Settings("fake", "mask"))
    with Session.open(project.settings, flat_source(), DeviceChoice.CPU) as opened:
        ResultService(MatteCache()).preview(project, ONE, 3, opened)
        return opened.head.shown


def test_a_head_gets_the_trackers_features_where_they_agree(monkeypatch) -> None:
    (shown,) = _shown(monkeypatch, "tuned", "big")
    assert shown == Features("tuned", 3, (WINDOW, 512))


@table("tracker", ["big", "plain"])
def test_beside_another_tracker_our_heads_get_the_embedded_features(monkeypatch, tracker) -> None:
    (shown,) = _shown(monkeypatch, tracker, EMBEDDED_ENCODER)
    assert shown == Features("embedded", 30, 512)


def test_a_head_without_an_encoder_goes_with_any_tracker() -> None:
    for spec in TRACKERS.values():
        assert make_extra_encoder(_head(None), spec, DeviceChoice.CPU) is None


@table("tracker", ["plain", "ours"])
def test_where_nothing_fits_the_user_is_told_which_tracker_to_choose(tracker) -> None:
    with pytest.raises(ModelError, match=rf"'{tracker}'; choose the tracker big or tuned\."):
        make_extra_encoder(_head("big"), TRACKERS[tracker], DeviceChoice.CPU)
    with pytest.raises(ModelError, match=r"choose another head\."):
        make_extra_encoder(_head("nobody's"), TRACKERS[tracker], DeviceChoice.CPU)


@table(
    ("encoder", "tracker", "expected"),
    [
        (None, "plain", True),
        (EMBEDDED_ENCODER, "big", True),
        ("big", "tuned", True),
        ("big", "plain", False),
        ("big", "ours", False),
    ],
)
def test_which_go_together_is_known_without_building_them(encoder, tracker, expected) -> None:
    assert are_compatible(_head(encoder), TRACKERS[tracker]) is expected


def test_models_that_do_not_go_together_cannot_be_opened(monkeypatch) -> None:
    with pytest.raises(ModelError, match="cannot use the image features of the tracker 'ours'"):
        _shown(monkeypatch, "ours", "big")


def test_the_embedded_encoder_reads_a_frame_once_and_keeps_its_models() -> None:
    source, encoder = flat_source(), EmbeddedEncoder(DeviceChoice.CPU)
    encoder.open(source)
    whole = Window(0, 0, *SIZE)
    found = [encoder.features(frame, whole, side) for frame in (2, 3) for side in (512, 1024)]
    assert [(each.stride8, each.stride16) for each in found] == [
        (20, 512),
        (20, 1024),
        (30, 512),
        (30, 1024),
    ]
    assert source.reads == [2, 3]
    with pytest.raises(RuntimeError, match="open"):
        EmbeddedEncoder(DeviceChoice.CPU).features(0, whole, 512)


def test_every_head_that_needs_features_says_whose() -> None:
    given = {spec.encoder for spec in tracker_specs().values()}
    for spec in head_specs().values():
        assert spec.needs_features == (spec.encoder is not None)
        assert spec.encoder in given | {None}
    assert head_specs()["wisp"].encoder == EMBEDDED_ENCODER
    assert tracker_specs()["sam2-tiny-flow"].encoder == EMBEDDED_ENCODER
