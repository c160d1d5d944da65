"""Pictures that the canvas asks for, and what comes back; plain values between threads."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.canvas.pictures.scene import Scene
from app.model.look import RGB, Comparison, Look
from app.model.view import ViewMode
from matting_core.document.finishing import FinishingValues as Finished
from matting_core.errors import MattingError
from matting_core.results.recipes import MatteKey
from matting_core.types import Frame8, ObjectId


@dataclass(frozen=True, slots=True)
class LayerRequest:
    """Request for one object's matte over the frame.

    Attributes:
        object_id: whose.
        color: red, green, blue.
        fresh: key of the matte that today's project asks for, or None without prompts.
        seen: key of the last matte that was seen there; shown, as stale, while `fresh` is missing.
        finishing: what is done to it.
        shown: whether it is laid over the frame; if not, it may still share alpha with others.
        shares: whether the alphas of all these layers are held to a sum of 1.
        mask: key of the mask that the fresh matte is made from; shown until that is there.
        locked: whether it stays as it is where alpha is shared.
    """

    object_id: ObjectId
    color: RGB
    fresh: MatteKey | None
    seen: MatteKey | None
    finishing: Finished = field(default_factory=Finished)
    shown: bool = True
    shares: bool = False
    mask: MatteKey | None = None
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """Other side of a comparison: the same view of other mattes, or the source.

    Attributes:
        layers: the mattes; None is the source.
        before: those of the frame before, where the view needs them.
    """

    layers: tuple[LayerRequest, ...] | None = None
    before: tuple[LayerRequest, ...] = ()


@dataclass(frozen=True, slots=True)
class Compare:
    """Kind of a comparison, and its other side."""

    how: Comparison
    against: Reference


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """Request for a picture: everything that decides what the canvas shows.

    Attributes:
        path: the clip.
        frame: its frame.
        mode: the view.
        layers: the frame's mattes.
        look: what was chosen about the views.
        before: mattes of the frame before, where the view needs them.
        after: mattes of the frame after, where the view needs them.
        compare: the other picture to show with it, or None.
    """

    path: str
    frame: int
    mode: ViewMode
    layers: tuple[LayerRequest, ...]
    look: Look = field(default_factory=Look)
    before: tuple[LayerRequest, ...] = ()
    after: tuple[LayerRequest, ...] = ()
    compare: Compare | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """Frame that is ready for the screen.

    Attributes:
        request: what was asked for.
        rgb: (H, W, 3) uint8 sRGB, read-only by convention.
        scene: what it was made of.
        stale: whether a matte was made from other prompts or settings than today's.
        other: (H, W, 3) uint8 sRGB, the picture that it is compared with.
        other_scene: what that one was made of.
        rough: whether `PictureMaker.refine` would make edges without the old background in them.
        masks: for how many objects a mask stands in for a matte that is not there yet.
        trouble: what could not be shown of it, the first time that this happens.
    """

    request: PictureRequest
    rgb: Frame8
    scene: Scene
    stale: bool
    other: Frame8 | None = None
    other_scene: Scene | None = None
    rough: bool = False
    masks: int = 0
    trouble: MattingError | None = None

    @property
    def mattes(self) -> int:
        """How many objects have a matte on the frame."""
        return len(self.scene.layers) - self.masks

    @property
    def others(self) -> int:
        """How many objects have a matte in the picture that it is compared with."""
        return 0 if self.other_scene is None else len(self.other_scene.layers)
