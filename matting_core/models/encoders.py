"""Encoders of a head's image features: the tracker where it fits, else the embedded one.

A head reads the features of the network that it was trained on, and of no other: another network's
have the same shapes and mean something else. Imports no torch before features are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from matting_core.errors import ModelError
from matting_core.media.color import to_display
from matting_core.media.source import FrameSource
from matting_core.models.heads.base import HeadSpec
from matting_core.models.registry import tracker_specs
from matting_core.models.trackers.base import Features, TrackerSpec
from matting_core.models.trackers.sam2_tiny_flow import EMBEDDED_ENCODER
from matting_core.types import DeviceChoice, Frame8
from matting_core.windows import Window, cut_out

if TYPE_CHECKING:
    from matting_core.models.trackers.sam2_tiny_flow.image_model import ImageModel


class FeatureSource(Protocol):
    """Source of image features; every tracker is one."""

    def features(self, frame: int, window: Window, side: int) -> Features | None:
        """See `Tracker.features`."""
        ...


class EmbeddedEncoder:
    """Encoder of the shipped SAM 2 Tiny by itself, for heads beside another tracker.

    Args:
        device: where it runs; it is loaded when it is first asked.
    """

    def __init__(self, device: DeviceChoice) -> None:
        self._device = device
        self._source: FrameSource | None = None
        self._models: dict[int, ImageModel] = {}
        self._last: tuple[int, Frame8] | None = None

    def open(self, source: FrameSource) -> None:
        """Start on a clip."""
        self._source, self._last = source, None

    def features(self, frame: int, window: Window, side: int) -> Features:
        """Compute image features of a window of a frame; see `Tracker.features`.

        Raises:
            WeightsError: the shipped weights are missing or damaged.
            OutOfMemoryError: the device's memory is full.
        """
        return self._model(side).encode(cut_out(self._rgb(frame), window, side)).features()

    def _rgb(self, frame: int) -> Frame8:
        if self._source is None:
            raise RuntimeError("open() comes before features()")
        if self._last is None or self._last[0] != frame:
            self._last = frame, to_display(self._source.read(frame), self._source.transfer)
        return self._last[1]

    def _model(self, side: int) -> ImageModel:
        from matting_core.models.devices import choose_device
        from matting_core.models.trackers.sam2_tiny_flow.image_model import ImageModel

        if side not in self._models:
            self._models[side] = ImageModel(side, choose_device(self._device))
        return self._models[side]


def are_compatible(head: HeadSpec, tracker: TrackerSpec) -> bool:
    """Whether a head can be given the features it was trained on beside this tracker."""
    return head.encoder in (None, EMBEDDED_ENCODER, tracker.encoder)


def make_extra_encoder(
    head: HeadSpec, tracker: TrackerSpec, device: DeviceChoice
) -> EmbeddedEncoder | None:
    """Return the encoder that `head` needs beside `tracker`, or None if the tracker's will do.

    Raises:
        ModelError: the head needs a network's features that only another tracker gives.
    """
    if head.encoder in (None, tracker.encoder):
        return None
    if are_compatible(head, tracker):
        return EmbeddedEncoder(device)
    fitting = [
        spec.id
        for spec in tracker_specs().values()
        if spec.encoder == head.encoder and not spec.hidden
    ]
    remedy = f"choose the tracker {' or '.join(fitting)}" if fitting else "choose another head"
    raise ModelError(
        f"The head '{head.id}' cannot use the image features of the tracker '{tracker.id}'; "
        f"{remedy}."
    )
