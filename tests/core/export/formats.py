"""A second export format for tests: alpha as raw bytes behind a stamp."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from matting_core.export.base import ExportFrame, ExportSpec, OptionInfo, option


@dataclass(frozen=True, slots=True)
class RawOptions:
    order: str = field(
        default="rows",
        metadata=option(OptionInfo("&Order", (("rows", "Rows"), ("columns", "Columns")))),
    )


def _write(path: Path, frame: ExportFrame, _kind: str, options: RawOptions, stamp: str) -> None:
    levels = np.rint(frame.matte.alpha * 255).astype(np.uint8)
    data = levels.tobytes("C" if options.order == "rows" else "F")
    path.write_bytes(f"raw {stamp}\n".encode() + data)


def _read_stamp(path: Path) -> str | None:
    if not path.exists():
        return None
    head = path.read_bytes().partition(b"\n")[0]
    return head.decode().removeprefix("raw ") if head.startswith(b"raw ") else None


RAW = ExportSpec(
    id="raw",
    title="Raw bytes",
    suffix=".raw",
    options=RawOptions,
    full_scale=lambda _options: 255,
    kinds=lambda _options: ("alpha",),
    digest=lambda options: options.order,
    write=_write,
    read_stamp=_read_stamp,
)
