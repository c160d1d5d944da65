"""What every export format is: a spec with typed options, and the frame that it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Generic, TypeVar

from matting_core.errors import InputError
from matting_core.matte.guides import mask_probability
from matting_core.matte.trimap import pseudo_trimap
from matting_core.types import Matte, Plane, Segmentation, Size

OptionsT = TypeVar("OptionsT")
_KEY = "wisp option"


@dataclass(frozen=True, slots=True)
class OptionInfo:
    """How an option of a format appears in the dialog and on the command line.

    Attributes:
        title: label in the dialog, from the context "Export"; `&` marks the key.
        choices: each value with its words in the dialog, the default's first.
        several: whether any number of the values may be chosen, as a frozenset.
        help: what the command line says of it.
        refusal: what it says of another value, "{value}" standing for it.
    """

    title: str
    choices: tuple[tuple[Any, str], ...]
    several: bool = False
    help: str | None = None
    refusal: str = "'{value}' is not offered"

    def parse(self, text: str) -> Any:  # noqa: ANN401 - as typed as the field of the options
        """Read one value, or with `several` a comma-separated list of them.

        Raises:
            InputError: it is not one of the choices.
        """
        if not self.several:
            return self._value(text.strip())
        return frozenset(self._value(part.strip()) for part in text.split(",") if part.strip())

    def _value(self, text: str) -> object:
        for value, _words in self.choices:
            if str(value) == text:
                return value
        offered = ", ".join(str(value) for value, _words in self.choices)
        raise InputError(f"{self.refusal.format(value=text)}; choose from {offered}.")


def option(info: OptionInfo) -> Mapping[str, OptionInfo]:
    """Metadata of a field that is an option of a format's options, a frozen dataclass."""
    return {_KEY: info}


@dataclass(frozen=True, slots=True)
class ExportFrame:
    """One object's result on a frame, to be written.

    Attributes:
        matte: finished, and shared with the other objects' where the project says so.
        segmentation: the mask that it was made from.
        size: of the clip.
    """

    matte: Matte
    segmentation: Segmentation
    size: Size

    @property
    def mask(self) -> Plane:
        """(H, W) float32 in [0, 1]: the tracker's mask as a probability."""
        return mask_probability(self.segmentation, self.size)

    @property
    def trimap(self) -> Plane:
        """(H, W) float32 of 0, 0.5 and 1: mask and ROI as a trimap."""
        return pseudo_trimap(self.mask, self.matte.roi > 0.5)


@dataclass(frozen=True, slots=True)
class ExportSpec(Generic[OptionsT]):
    """A format of one or several files for each object and frame.

    Attributes:
        id: stable name, used on the command line.
        title: what the user reads, from the context "Export".
        suffix: of its files, with the dot.
        options: a frozen dataclass whose fields have `option` metadata and defaults.
        full_scale: what an alpha of 1 is written as, for formats of whole numbers; else None.
        kinds: what is written for a frame, each a file of its own: "alpha" and others.
        digest: of the options, as far as they change the files.
        write: writes one kind of a frame to a path with a stamp in it, whole or not at all.
        read_stamp: the stamp of a file that is whole, or None.
    """

    id: str
    title: str
    suffix: str
    options: type[OptionsT]
    full_scale: Callable[[OptionsT], int | None]
    kinds: Callable[[OptionsT], Sequence[str]]
    digest: Callable[[OptionsT], str]
    write: Callable[[Path, ExportFrame, str, OptionsT, str], None]
    read_stamp: Callable[[Path], str | None]

    def option_infos(self) -> dict[str, OptionInfo]:
        """How the options appear, by the name of their field."""
        return {each.name: each.metadata[_KEY] for each in _option_fields(self.options)}

    def default(self, name: str) -> object:
        """The default of an option."""
        (found,) = (each for each in _option_fields(self.options) if each.name == name)
        return found.default

    def parse_options(self, texts: Mapping[str, str | None]) -> OptionsT:
        """Make options of texts by field name; what is None or absent keeps its default.

        Raises:
            InputError: a text is not one of an option's choices.
        """
        infos = self.option_infos()
        given = {name: text for name, text in texts.items() if name in infos and text is not None}
        return self.options(**{name: infos[name].parse(text) for name, text in given.items()})


def _option_fields(options: type[Any]) -> list[Any]:
    return [each for each in fields(options) if _KEY in each.metadata]
