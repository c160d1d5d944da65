"""Finishing of an object's matte, as keyframed values.

Mattes are cached unfinished; `matting_core.matte.finishing` applies these values where a matte is
shown or written, so that nothing has to be tracked again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from matting_core.document.shapes import XY, Shape, ShapeRole
from matting_core.document.tracks import Track
from matting_core.errors import InputError


class Parameter(StrEnum):
    """Parameters of finishing, in the order in which they are applied."""

    BLACK = "black"
    """Alphas from here down become 0."""
    WHITE = "white"
    """Alphas from here up become 1."""
    GAMMA = "gamma"
    """Alpha becomes alpha^(1 / gamma): more than 1 lifts the middle."""
    DOTS = "dots"
    """Separate specks up to this area go."""
    HOLES = "holes"
    """Enclosed holes up to this area are filled."""
    GROW = "grow"
    """The edge moves outwards by this; inwards if negative."""
    FEATHER = "feather"
    """Sigma of a Gaussian over the matte."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a parameter's values.

    Attributes:
        least: smallest.
        most: largest.
        neutral: changes nothing.
        unit: px, px² or none.
    """

    least: float
    most: float
    neutral: float
    unit: str = ""


LIMITS: Mapping[Parameter, Limits] = {
    Parameter.BLACK: Limits(0, 1, 0),
    Parameter.WHITE: Limits(0, 1, 1),
    Parameter.GAMMA: Limits(0.1, 10, 1),
    Parameter.DOTS: Limits(0, 100_000, 0, "px²"),
    Parameter.HOLES: Limits(0, 100_000, 0, "px²"),
    Parameter.GROW: Limits(-50, 50, 0, "px"),
    Parameter.FEATHER: Limits(0, 50, 0, "px"),
}
_ORDER = tuple(Parameter)
_NEUTRAL = tuple(Track(float(LIMITS[parameter].neutral)) for parameter in _ORDER)


@dataclass(frozen=True, slots=True)
class PlacedShape:
    """Shape on one frame; `outline` is a closed polygon in pixels."""

    role: ShapeRole
    outline: tuple[XY, ...]
    inverted: bool
    feather: float


@dataclass(frozen=True, slots=True)
class FinishingValues:
    """Values of a finishing on one frame.

    Attributes:
        values: of every `Parameter`, in its order.
        shapes: the enabled ones, in the order in which they were drawn.
    """

    values: tuple[float, ...] = tuple(track.value for track in _NEUTRAL)
    shapes: tuple[PlacedShape, ...] = ()

    def __getitem__(self, parameter: Parameter) -> float:
        return self.values[_ORDER.index(parameter)]

    @property
    def neutral(self) -> bool:
        """Whether the values leave every matte as it is."""
        return self == FinishingValues()


@dataclass(frozen=True, slots=True)
class Finishing:
    """Finishing of one object's mattes.

    Attributes:
        tracks: one of every `Parameter`, in its order.
        shapes: in the order in which they were drawn; where two overlap, the later one counts.
    """

    tracks: tuple[Track, ...] = _NEUTRAL
    shapes: tuple[Shape, ...] = ()

    def __post_init__(self) -> None:
        for parameter, track in zip(_ORDER, self.tracks, strict=True):
            limits = LIMITS[parameter]
            if not all(limits.least <= value <= limits.most for value in track.values):
                raise InputError(
                    f"The matte's {parameter.value} goes from {limits.least:g} to "
                    f"{limits.most:g}{' ' if limits.unit else ''}{limits.unit}."
                )
        if len({shape.id for shape in self.shapes}) != len(self.shapes):
            raise InputError("Two shapes have the same id; draw one of them again.")

    def __getitem__(self, parameter: Parameter) -> Track:
        return self.tracks[_ORDER.index(parameter)]

    def __iter__(self) -> Iterator[tuple[Parameter, Track]]:
        return iter(zip(_ORDER, self.tracks, strict=True))

    @property
    def key_frames(self) -> tuple[int, ...]:
        """The frames on which anything has a keyframe, ascending.

        A shape that stays as it was drawn has none.
        """
        frames = {frame for track in self.tracks for frame in track.frames}
        moving = (shape for shape in self.shapes if len(shape.keys) > 1)
        return tuple(sorted(frames.union(*(shape.frames for shape in moving))))

    def with_track(self, parameter: Parameter, track: Track) -> Finishing:
        """Finishing with another track of one parameter."""
        at = _ORDER.index(parameter)
        return replace(self, tracks=(*self.tracks[:at], track, *self.tracks[at + 1 :]))

    def values_on(self, frame: int) -> FinishingValues:
        """Values of all parameters and shapes on one frame."""
        shapes = tuple(
            PlacedShape(shape.role, shape.outline_at(frame), shape.inverted, shape.feather)
            for shape in self.shapes
            if shape.enabled
        )
        return FinishingValues(tuple(track.at(frame) for track in self.tracks), shapes)

    def find_shape(self, shape_id: int) -> Shape:
        """Return the shape with this id.

        Raises:
            InputError: there is none.
        """
        for shape in self.shapes:
            if shape.id == shape_id:
                return shape
        raise InputError("That shape is not there any more.")
