"""PNG sequences: one grey alpha file a frame, and on request mask, ROI and trimap beside it.

Each file carries in a text chunk the stamp of what it was made from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal

from matting_core.export.base import ExportFrame, ExportSpec, OptionInfo, option
from matting_core.media.writer import read_text_attribute, write_plane_png
from matting_core.types import Plane

STAMP_ATTRIBUTE = "wisp:digest"
BitDepth = Literal[8, 16]


class Extra(StrEnum):
    """What may be written beside alpha."""

    MASKS = "masks"
    ROI = "roi"
    TRIMAP = "trimap"


_KINDS = {Extra.MASKS: "mask", Extra.ROI: "roi", Extra.TRIMAP: "trimap"}


@dataclass(frozen=True, slots=True)
class PngOptions:
    """How a PNG sequence is written.

    Attributes:
        bit_depth: of alpha, ROI and masks; trimaps have 8.
        save: what to write beside alpha.
    """

    bit_depth: BitDepth = field(
        default=16,
        metadata=option(OptionInfo("&Bit depth", ((16, "16 bits"), (8, "8 bits")))),
    )
    save: frozenset[Extra] = field(
        default=frozenset(),
        metadata=option(
            OptionInfo(
                "Save too",
                ((Extra.MASKS, "&Mask"), (Extra.ROI, "R&OI"), (Extra.TRIMAP, "&Trimap")),
                several=True,
                help="also masks, roi, trimap (comma-separated)",
                refusal="'{value}' cannot be saved",
            )
        ),
    )


def _kinds(options: PngOptions) -> tuple[str, ...]:
    return ("alpha", *(_KINDS[extra] for extra in Extra if extra in options.save))


def _plane(frame: ExportFrame, kind: str) -> Plane:
    match kind:
        case "mask":
            return frame.mask
        case "roi":
            return frame.matte.roi
        case "trimap":
            return frame.trimap
    return frame.matte.alpha


def _write(path: Path, frame: ExportFrame, kind: str, options: PngOptions, stamp: str) -> None:
    depth: BitDepth = 8 if kind == "trimap" else options.bit_depth
    write_plane_png(path, _plane(frame, kind), depth, {STAMP_ATTRIBUTE: stamp})


def _read_stamp(path: Path) -> str | None:
    return read_text_attribute(path, STAMP_ATTRIBUTE)


SPEC = ExportSpec(
    id="png",
    title="PNG sequence",
    suffix=".png",
    options=PngOptions,
    full_scale=lambda options: int(2**options.bit_depth - 1),
    kinds=_kinds,
    digest=lambda options: str(options.bit_depth),
    write=_write,
    read_stamp=_read_stamp,
)
