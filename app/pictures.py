"""The media lane's own state: the open clip, its last decoded frames, and pictures made of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

from app.view_state import ViewMode
from app.views.backdrops import Backdrops
from app.views.compose import ON_A_BACKGROUND, compose
from app.views.finished import FinishedMattes, shared_layers
from app.views.foregrounds import Foregrounds
from app.views.look import Look
from app.views.scene import Layer, Scene
from matting_core.cache import MatteCache
from matting_core.digests import MatteKey
from matting_core.document.finishing import Finishing
from matting_core.document.finishing import Look as FinishingLook
from matting_core.document.project import Clip
from matting_core.errors import MattingError
from matting_core.media.color import to_display
from matting_core.media.opening import open_source
from matting_core.media.source import FrameSource
from matting_core.types import Frame8, Matte, ObjectId, Size

_FRAME_BYTES = 192 << 20


@dataclass(frozen=True, slots=True)
class LayerRequest:
    """Which matte to lay over the frame.

    Attributes:
        object_id: whose.
        color: red, green, blue.
        fresh: key of the matte that today's project asks for, or None without prompts.
        seen: key of the last matte that was seen there; shown, as stale, while `fresh` is missing.
        finishing: what is done to it.
        shown: whether it is laid over the frame, or only shares alpha with those that are.
    """

    object_id: ObjectId
    color: tuple[int, int, int]
    fresh: MatteKey | None
    seen: MatteKey | None
    finishing: Finishing = field(default_factory=Finishing)
    shown: bool = True


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """Everything that decides what the canvas shows."""

    path: str
    frame: int
    mode: ViewMode
    layers: tuple[LayerRequest, ...]
    look: Look = field(default_factory=Look)
    share_alpha: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame ready for the screen.

    Attributes:
        request: what was asked for.
        rgb: (H, W, 3) uint8 sRGB, read-only by convention.
        mattes: how many layers had a matte.
        stale: whether one of them was made from other prompts or settings than today's.
        rough: whether `refine` would make edges without the old background in them.
        trouble: what could not be shown of it, the first time that this happens.
    """

    request: PictureRequest
    rgb: Frame8
    mattes: int
    stale: bool
    rough: bool = False
    trouble: MattingError | None = None


class PictureMaker:
    """Reads frames and lays mattes over them. Made, used and closed on one lane."""

    def __init__(self, cache: MatteCache) -> None:
        self._mattes = FinishedMattes(cache)
        self._source: FrameSource | None = None
        self._frames: OrderedDict[int, Frame8] = OrderedDict()
        self._bytes = 0
        self._backdrops = Backdrops()
        self._foregrounds = Foregrounds()

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
        """Compose one picture, with what is quickly at hand.

        Raises:
            MediaError: the clip or the frame cannot be read.
        """
        rgb = self._frame(request.path, request.frame)
        stack = self._stack(request, rgb)
        backdrop, trouble = self._backdrop(request, rgb)
        name = (request.path, request.frame, stack.keys)
        cut_out = request.mode in ON_A_BACKGROUND and bool(stack.layers)
        foreground = self._foregrounds.kept(name) if cut_out else None
        scene = Scene(rgb, stack.layers, backdrop, foreground)
        return Picture(
            request,
            compose(scene, request.mode),
            len(stack.layers),
            stack.stale,
            rough=cut_out and foreground is None,
            trouble=trouble,
        )

    def refine(self, request: PictureRequest) -> Picture:
        """Compose the picture once more, its edges without the old background; raises as above."""
        rgb = self._frame(request.path, request.frame)
        stack = self._stack(request, rgb)
        name = (request.path, request.frame, stack.keys)
        self._foregrounds.estimated(name, rgb, Scene(rgb, stack.layers).alpha)
        return self.make(request)

    def close(self) -> None:
        """Release the clip; calling twice is fine."""
        if self._source is not None:
            self._source.close()
        self._source = None
        self._frames.clear()
        self._foregrounds.clear()
        self._mattes.clear()
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

    def _stack(self, request: PictureRequest, rgb: Frame8) -> _Stack:
        layers, names, stale = [], [], False
        for each in request.layers:
            finishing = each.finishing.on_frame(request.frame)
            key, matte = each.fresh, self._matte(each.fresh, finishing)
            if matte is None:
                key, matte = each.seen, self._matte(each.seen, finishing)
                stale = stale or matte is not None
            if key is not None and matte is not None and matte.alpha.shape == rgb.shape[:2]:
                layers.append(Layer(each.object_id, each.color, matte))
                names.append((key, finishing, each.shown))
        if request.share_alpha:
            layers = shared_layers(layers)
        shown = tuple(layer for layer, (*_, on) in zip(layers, names, strict=True) if on)
        return _Stack(shown, (request.share_alpha, *names), stale)

    def _backdrop(
        self, request: PictureRequest, rgb: Frame8
    ) -> tuple[Frame8 | None, MattingError | None]:
        if request.mode is not ViewMode.BACKDROP:
            return None, None
        return self._backdrops.at(request.look.backdrop, Size(rgb.shape[1], rgb.shape[0]))

    def _matte(self, key: MatteKey | None, finishing: FinishingLook) -> Matte | None:
        return None if key is None else self._mattes.get(key, finishing)


@dataclass(frozen=True, slots=True)
class _Stack:
    """The mattes that are shown, and a name for them and all that they are made of."""

    layers: tuple[Layer, ...]
    keys: Hashable
    stale: bool
