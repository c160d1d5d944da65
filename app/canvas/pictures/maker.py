"""The media lane's own state: the open clip, its last decoded frames, and pictures made of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np

from app.canvas.pictures.backdrops import Backdrops
from app.canvas.pictures.compose import ON_A_BACKGROUND, compose
from app.canvas.pictures.foregrounds import ColourMixture, Foregrounds
from app.canvas.pictures.picture import LayerRequest, Picture, PictureRequest
from app.canvas.pictures.scene import Layer, Scene
from app.model.look import Overlay
from app.model.view import ViewMode
from matting_core.document.project import Clip
from matting_core.errors import MattingError
from matting_core.matte.guides import mask_inside
from matting_core.media.color import to_display
from matting_core.media.opening import open_source
from matting_core.media.source import FrameSource
from matting_core.results.recipes import MatteKey
from matting_core.results.service import ResultService
from matting_core.results.stages import share
from matting_core.types import Frame8, Matte, Size

_FRAME_BYTES = 192 << 20


class PictureMaker:
    """Pictures made of frames and mattes. Made, used and closed on one lane."""

    def __init__(self, results: ResultService) -> None:
        self._results = results
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
        backdrop, trouble = self._backdrop(request, rgb)
        scene = Scene(
            rgb,
            backdrop=backdrop,
            before=self._stack(request.before, rgb).layers,
            after=self._stack(request.after, rgb).layers,
            levels=request.look.levels,
        )
        own = self._half(request, scene, request.layers)
        other = self._other(request, scene)
        return Picture(
            request,
            own.rgb,
            own.scene,
            own.stale,
            other=None if other is None else other.rgb,
            other_scene=None if other is None else other.scene,
            rough=own.rough or (other is not None and other.rough),
            masks=own.masks,
            trouble=trouble,
        )

    def mixtures(self, request: PictureRequest) -> tuple[ColourMixture, ...]:
        """What must be estimated for edges without the old background; raises as above."""
        rgb = self._frame(request.path, request.frame)
        compared = request.compare.against.layers if request.compare is not None else None
        found = []
        for layers in (request.layers, compared):
            if layers:
                stack = self._stack(layers, rgb)
                name = _name(request, stack)
                if self._foregrounds.kept(name) is None:
                    found.append(ColourMixture(name, rgb, Scene(rgb, stack.layers).alpha))
        return tuple(found)

    def refine(self, request: PictureRequest, found: Mapping[Hashable, Frame8]) -> Picture:
        """Compose the picture once more, with what was estimated; raises as above."""
        self._foregrounds.keep(found)
        return self.make(request)

    def thumbnail(self, path: str, frame: int, height: int) -> Frame8 | None:
        """Read a frame of the open clip and reduce it to a height, (h, w, 3) uint8.

        It is not kept. None if another clip is open by now.

        Raises:
            MediaError: the frame cannot be read.
        """
        if self._source is None or self._source.path != path:
            return None
        rgb = self._frames.get(frame)
        if rgb is None:
            rgb = to_display(self._source.read(frame), self._source.transfer)
        width = max(1, round(height * rgb.shape[1] / rgb.shape[0]))
        small = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA)
        return np.asarray(small, np.uint8)

    def close(self) -> None:
        """Release the clip; calling twice is fine."""
        if self._source is not None:
            self._source.close()
        self._source = None
        self._frames.clear()
        self._foregrounds.clear()
        self._results.release()
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

    def _stack(self, wanted: tuple[LayerRequest, ...], rgb: Frame8) -> _Stack:
        layers, names, stale, masks = [], [], False, 0
        for each in wanted:
            key, matte = each.fresh, self._results.read(each.fresh, each.finishing)
            if matte is None:
                key, matte = each.mask, self._mask_matte(each.mask, rgb)
                masks += matte is not None and each.shown
            if matte is None:
                key, matte = each.seen, self._results.read(each.seen, each.finishing)
                stale = stale or matte is not None
            if key is not None and matte is not None and matte.alpha.shape == rgb.shape[:2]:
                fresh = key == each.fresh
                layers.append(Layer(each.object_id, each.color, matte, each.locked, fresh))
                names.append(replace(each, fresh=key, seen=None))
        if any(each.shares for each in wanted):
            layers = _share(layers)
        shown = tuple(layer for layer, each in zip(layers, names, strict=True) if each.shown)
        return _Stack(shown, tuple(names), stale, masks)

    def _other(self, request: PictureRequest, scene: Scene) -> _Half | None:
        if request.compare is None:
            return None
        against = request.compare.against
        if against.layers is None:
            return _Half(scene.rgb, Scene(scene.rgb))
        before = self._stack(against.before, scene.rgb).layers
        scene = replace(scene, before=before, after=())
        overlays = request.look.overlays - {Overlay.ONION}
        request = replace(request, look=replace(request.look, overlays=overlays))
        return self._half(request, scene, against.layers)

    def _half(
        self, request: PictureRequest, scene: Scene, layers: tuple[LayerRequest, ...]
    ) -> _Half:
        stack = self._stack(layers, scene.rgb)
        cut_out = request.mode in ON_A_BACKGROUND and bool(stack.layers)
        foreground = self._foregrounds.kept(_name(request, stack)) if cut_out else None
        scene = replace(scene, layers=stack.layers, foreground=foreground)
        rgb = compose(scene, request.mode, request.look.overlays)
        return _Half(
            rgb, scene, stack.stale, cut_out and foreground is None and not stack.masks, stack.masks
        )

    def _backdrop(
        self, request: PictureRequest, rgb: Frame8
    ) -> tuple[Frame8 | None, MattingError | None]:
        if request.mode is not ViewMode.BACKDROP:
            return None, None
        return self._backdrops.at(request.look.backdrop, Size(rgb.shape[1], rgb.shape[0]))

    def _mask_matte(self, key: MatteKey | None, rgb: Frame8) -> Matte | None:
        """A mask in a matte's place, or None if it is not there."""
        found = None if key is None else self._results.store.get_segmentation(key)
        if found is None:
            return None
        size = Size(rgb.shape[1], rgb.shape[0])
        alpha = mask_inside(found, size).astype(np.float32)
        return Matte(alpha, np.zeros_like(alpha), np.ones_like(alpha))


@dataclass(frozen=True, slots=True)
class _Stack:
    """Mattes that are shown, and all that they were made of."""

    layers: tuple[Layer, ...]
    made_of: tuple[LayerRequest, ...]
    stale: bool
    masks: int


@dataclass(frozen=True, slots=True)
class _Half:
    """One of the two pictures of a comparison."""

    rgb: Frame8
    scene: Scene
    stale: bool = False
    rough: bool = False
    masks: int = 0


def _share(layers: list[Layer]) -> list[Layer]:
    """The same layers, the alphas of fresh ones held to a sum of 1, as an export would write."""
    fresh = {layer.object_id: layer.matte for layer in layers if layer.fresh}
    mattes = share(fresh, [layer.object_id for layer in layers if layer.fresh and layer.locked])
    return [replace(each, matte=mattes.get(each.object_id, each.matte)) for each in layers]


def _name(request: PictureRequest, stack: _Stack) -> tuple[object, ...]:
    return request.path, request.frame, stack.made_of
