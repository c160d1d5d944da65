"""The project: clip, objects, prompts and settings, all frozen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from matting_core.document.finishing import Finishing
from matting_core.document.prompts import Prompt
from matting_core.document.refine import RefineStrokes
from matting_core.errors import InputError
from matting_core.spans import Spans, contains
from matting_core.types import FrameRange, ObjectId, Quality, Size

PALETTE = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#cc79a7", "#0072b2", "#d55e00")
"""Object colours, distinguishable with any colour vision (Okabe and Ito 2008)."""
_SHADES = ((0, 0.0), (255, 0.5), (0, 0.45))
"""Grey levels mixed into the palette, and their shares, for more objects than it has colours."""


def object_color(number: int) -> str:
    """The colour that the object of a number gets, from 0 on.

    The palette comes first, then its lighter and then its darker variants, and then all again.

    >>> object_color(0), object_color(len(PALETTE)), object_color(2 * len(PALETTE))
    ('#e69f00', '#f2cf80', '#7e5700')
    """
    turn, place = divmod(number, len(PALETTE))
    to, part = _SHADES[turn % len(_SHADES)]
    channels = (int(PALETTE[place][at : at + 2], 16) for at in (1, 3, 5))
    mixed = (round(value + (to - value) * part) for value in channels)
    return "#" + "".join(f"{value:02x}" for value in mixed)


COLORS = tuple(object_color(number) for number in range(len(PALETTE) * len(_SHADES)))
"""All colours that objects get by themselves."""

DEFAULT_TRACKER = "sam2-tiny-flow"
DEFAULT_HEAD = "wisp"
LONGEST_NAME = 64
_NAME = re.compile(rf"[^\\/:*?\"<>|\x00-\x1f\ud800-\udfff]{{1,{LONGEST_NAME}}}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clip:
    """Clip of a project.

    Attributes:
        path: absolute path of the file or folder, or a `name.%04d.exr` pattern.
        fingerprint: identity of the contents (`FrameSource.fingerprint`).
        size: width and height of its frames.
        length: number of frames.
        rate: frames per second.
    """

    path: str
    fingerprint: str
    size: Size
    length: int
    rate: Fraction

    def __post_init__(self) -> None:
        if min(*self.size, self.length) < 1 or self.rate <= 0:
            raise InputError(f"The clip {self.path} has no frames; choose another clip.")


@dataclass(frozen=True, slots=True)
class Settings:
    """Models and quality that mattes are made with."""

    tracker: str = DEFAULT_TRACKER
    head: str = DEFAULT_HEAD
    quality: Quality = Quality.FAST


@dataclass(frozen=True, slots=True)
class SpanLock:
    """Lock of an object's frames: they stay as they were, whatever changes later.

    The lock keeps what made the frames, not their mattes (decision 19), so nothing can get lost.

    Attributes:
        span: the frames.
        prompts: the object's when the frames were locked.
        settings: the project's when they were.
        finishing: the object's when they were.
    """

    span: FrameRange
    prompts: tuple[Prompt, ...]
    settings: Settings
    finishing: Finishing


@dataclass(frozen=True, slots=True)
class MatteObject:
    """Object to cut out, with everything the user said about it.

    Attributes:
        id: positive, never reused.
        name: unique; also of its folder in an export.
        color: "#rrggbb", stands for it on screen.
        prompts: in the order in which they were made.
        visible: whether it is shown and exported.
        locks: locked spans, ascending and apart.
        absent: spans where the object is not there: its matte is empty. Ascending and apart.
        locked: whether edits of it are refused and tracks leave it out.
        locked_settings: the project's when the object was locked, which still make its mattes.
        finishing: what is done to its mattes after they were made.
        strokes: of the Refine Edge brush, at most one of a frame.
    """

    id: ObjectId
    name: str
    color: str
    prompts: tuple[Prompt, ...] = ()
    visible: bool = True
    locks: tuple[SpanLock, ...] = ()
    absent: Spans = ()
    locked: bool = False
    locked_settings: Settings | None = None
    finishing: Finishing = field(default_factory=Finishing)
    strokes: tuple[RefineStrokes, ...] = ()

    def __post_init__(self) -> None:
        if self.id < 1:
            raise InputError(f"The id {self.id} cannot be an object's; give 1 or more.")
        check_name(self.name)

    def prompts_on(self, frame: int) -> tuple[Prompt, ...]:
        """The prompts on one frame, in the order they were made."""
        return tuple(prompt for prompt in self.prompts if prompt.frame == frame)

    def strokes_on(self, frame: int) -> RefineStrokes | None:
        """The Refine Edge strokes on one frame, or None."""
        return next((strokes for strokes in self.strokes if strokes.frame == frame), None)

    def lock_on(self, frame: int) -> SpanLock | None:
        """Lock of a frame, or None."""
        return next((held for held in self.locks if frame in held.span), None)

    def finishing_on(self, frame: int) -> Finishing:
        """Finishing of a frame's matte; neutral where the object is absent."""
        if contains(self.absent, frame):
            return Finishing()
        held = self.lock_on(frame)
        return self.finishing if held is None else held.finishing

    def is_locked_on(self, frame: int) -> bool:
        """Whether a frame's matte is locked, by itself or with the whole object."""
        return self.locked or self.lock_on(frame) is not None

    def refuses_changes(self, frame: int) -> bool:
        """Whether a frame takes no changes: the frame is locked, or the object is absent."""
        return self.lock_on(frame) is not None or contains(self.absent, frame)

    @property
    def prompt_frames(self) -> tuple[int, ...]:
        """The frames with prompts, ascending."""
        return tuple(sorted({prompt.frame for prompt in self.prompts}))


@dataclass(frozen=True, slots=True)
class Project:
    """Project: everything that is saved, undone and redone.

    Attributes:
        clip: the clip, or None before one is opened.
        objects: in the order of the list; ids and names are unique.
        settings: models and quality.
        work_range: the in/out range, or None for the whole clip.
        next_id: the id of the next new object; ids are never reused, not even those of objects
            that were undone. Two projects that differ in nothing else are equal.
        share_alpha: whether finished mattes of the visible objects are scaled down where their sum
            exceeds 1; locked ones stay.
    """

    clip: Clip | None = None
    objects: tuple[MatteObject, ...] = ()
    settings: Settings = field(default_factory=Settings)
    work_range: FrameRange | None = None
    next_id: int = field(default=1, compare=False)
    share_alpha: bool = False

    def __post_init__(self) -> None:
        _check_unique([obj.id for obj in self.objects], "id")
        _check_unique([obj.name.casefold() for obj in self.objects], "name")

    def __iter__(self) -> Iterator[MatteObject]:
        return iter(self.objects)

    def find(self, object_id: ObjectId) -> MatteObject:
        """Return the object with this id.

        Raises:
            InputError: there is none.
        """
        for obj in self.objects:
            if obj.id == object_id:
                return obj
        raise InputError(f"There is no object {object_id} in this project.")

    def as_when_locked(self, object_id: ObjectId, held: SpanLock) -> Project:
        """Project that made an object's locked frames, without the object's locks."""
        obj = replace(
            self.find(object_id),
            prompts=held.prompts,
            finishing=held.finishing,
            locks=(),
            absent=(),
            locked_settings=None,
        )
        objects = tuple(obj if other.id == object_id else other for other in self)
        return replace(self, objects=objects, settings=held.settings)

    def settings_of(self, obj: MatteObject) -> Settings:
        """The settings that an object's mattes are made with."""
        return obj.locked_settings or self.settings

    def find_unlocked(self, object_id: ObjectId) -> MatteObject:
        """Return the object with this id, to be changed.

        Raises:
            InputError: there is none, or it is locked.
        """
        obj = self.find(object_id)
        if obj.locked:
            raise InputError(f"{obj.name} is locked; unlock it (Object menu) to change it.")
        return obj

    @property
    def range(self) -> FrameRange:
        """The frames to work on: in/out if set, else the whole clip.

        Raises:
            InputError: no clip is open.
        """
        if self.clip is None:
            raise InputError("No clip is open; open one first.")
        return self.work_range or FrameRange(0, self.clip.length)


def check_name(name: str) -> None:
    """Refuse names that cannot be the name of a folder on every system.

    Raises:
        InputError: the name is empty, too long, has path parts in it, or is a device on Windows.
    """
    if _RESERVED.fullmatch(name):
        raise InputError(f"'{name}' is a device's name on Windows; choose another name.")
    if not _NAME.fullmatch(name) or name.strip(" .") != name:
        raise InputError(
            f"'{name}' cannot name an object; use 1 to 64 characters without / \\ : * ? \" < > |, "
            "and no dot or space at either end."
        )


def _check_unique(values: list[int] | list[str] | list[ObjectId], what: str) -> None:
    seen: set[int | str] = set()
    for value in values:
        if value in seen:
            raise InputError(f"Two objects have the {what} '{value}'; give each its own.")
        seen.add(value)
