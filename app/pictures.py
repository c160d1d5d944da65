"""The media lane's own state: the open clip, its last decoded frames, and pictures made of them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from app.compose import Layer, compose
from app.view_state import ViewMode
from matting_core.cache import MatteCache
from matting_core.digests import MatteKey
from matting_core.document.project import Clip
from matting_core.media.color import to_display
from matting_core.media.opening import open_source
from matting_core.media.source import FrameSource
from matting_core.types import Frame8, Matte

_FRAME_BYTES = 192 << 20


@dataclass(frozen=True, slots=True)
class LayerRequest:
    """Which matte to lay over the frame.

    Attributes:
        color: red, green, blue.
        fresh: key of the matte that today's project asks for, or None without prompts.
        seen: key of the last matte that was seen there; shown, as stale, while `fresh` is missing.
    """

    color: tuple[int, int, int]
    fresh: MatteKey | None
    seen: MatteKey | None


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """Everything that decides what the canvas shows."""

    path: str
    frame: int
    mode: ViewMode
    layers: tuple[LayerRequest, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame ready for the screen.

    Attributes:
        request: what was asked for.
        rgb: (H, W, 3) uint8 sRGB, read-only by convention.
        mattes: how many layers had a matte.
        stale: whether one of them was made from other prompts or settings than today's.
    """

    request: PictureRequest
    rgb: Frame8
    mattes: int
    stale: bool


class PictureMaker:
    """Reads frames and lays mattes over them. Made, used and closed on one lane."""

    def __init__(self, cache: MatteCache) -> None:
        self._cache = cache
        self._source: FrameSource | None = None
        self._frames: OrderedDict[int, Frame8] = OrderedDict()
        self._bytes = 0

    def open(self, path: str) -> Clip:
        """Switch to a clip and describe it.

        Raises:
            MediaError: it cannot be read; the clip that was open stays.
        """
        source = open_source(path)
        self.close()
        self._source = source
        return Clip(source.path, source.fingerprint, source.size, len(source), source.rate)

    def make(self, request: PictureRequest) -> Picture:
        """Compose one picture.

        Raises:
            MediaError: the clip or the frame cannot be read.
        """
        rgb = self._frame(request.path, request.frame)
        layers, stale = [], False
        for wanted in request.layers:
            matte = self._matte(wanted.fresh)
            if matte is None:
                matte = self._matte(wanted.seen)
                stale = stale or matte is not None
            if matte is not None and matte.alpha.shape == rgb.shape[:2]:
                layers.append(Layer(wanted.color, matte))
        return Picture(request, compose(rgb, layers, request.mode), len(layers), stale)

    def close(self) -> None:
        """Release the clip; calling twice is fine."""
        if self._source is not None:
            self._source.close()
        self._source = None
        self._frames.clear()
        self._bytes = 0

    def _frame(self, path: str, frame: int) -> Frame8:
        if self._source is None or self._source.path != path:
            self.open(path)
        if frame not in self._frames and self._source is not None:
            rgb = to_display(self._source.read(frame), self._source.transfer)
            self._frames[frame] = rgb
            self._bytes += rgb.nbytes
        self._frames.move_to_end(frame)
        while self._bytes > _FRAME_BYTES and len(self._frames) > 1:
            self._bytes -= self._frames.popitem(last=False)[1].nbytes
        return self._frames[frame]

    def _matte(self, key: MatteKey | None) -> Matte | None:
        return None if key is None else self._cache.get_matte(key)
