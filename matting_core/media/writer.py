"""Writer of planes as grey PNGs, whole or not at all, with notes in the header."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Literal

import cv2
import numpy as np

from matting_core.files import write_bytes_atomically
from matting_core.types import Plane

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER_END = len(_SIGNATURE) + 25
_END = b"\0\0\0\0IEND\xaeB`\x82"
_TEXT_LIMIT = 2**24
# on mattes run lengths are as quick as the default strategy, and smaller
_ENCODING = (
    *(cv2.IMWRITE_PNG_COMPRESSION, 1),
    *(cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE),
)


def write_plane_png(
    path: str | os.PathLike[str],
    plane: Plane,
    bit_depth: Literal[8, 16],
    attributes: Mapping[str, str],
) -> None:
    """Write an (H, W) float32 plane in [0, 1] as a grey PNG, whole or not at all.

    Args:
        path: where to; its folder must be there.
        plane: values outside [0, 1] are clipped, NaN becomes 0.
        bit_depth: 0 becomes 0 and 1 becomes 255 or 65535, rounded to the nearest level.
        attributes: notes for the header, see `read_text_attribute`.

    Raises:
        ExportError: the file could not be written.
    """
    write_bytes_atomically(
        Path(path), encode_plane_png(plane, bit_depth, attributes), durable=False
    )


def encode_plane_png(
    plane: Plane, bit_depth: Literal[8, 16], attributes: Mapping[str, str]
) -> bytes:
    """Return the bytes of the file that `write_plane_png` writes."""
    top = 2**bit_depth - 1
    levels = np.rint(np.clip(np.nan_to_num(plane, nan=0.0), 0, 1) * np.float32(top))
    grey = levels.astype(np.uint8 if bit_depth == 8 else np.uint16)
    _, encoded = cv2.imencode(".png", grey, _ENCODING)
    data: bytes = encoded.tobytes()
    chunks = b"".join(_text_chunk(key, value) for key, value in attributes.items())
    return data[:_HEADER_END] + chunks + data[_HEADER_END:]


def read_text_attribute(path: str | os.PathLike[str], key: str) -> str | None:
    """Return a note from a PNG's header without decoding pixels.

    None stands for: no such file, not a PNG, cut short, damaged header, or no such note.
    """
    try:
        with Path(path).open("rb") as file:
            if file.read(len(_SIGNATURE)) != _SIGNATURE or not _is_whole(file):
                return None
            file.seek(len(_SIGNATURE))
            return next((text for name, text in _read_texts(file) if name == key), None)
    except (OSError, ValueError):
        return None


def _is_whole(file: BinaryIO) -> bool:
    file.seek(-len(_END), os.SEEK_END)
    return file.read() == _END


def _read_texts(file: BinaryIO) -> Iterator[tuple[str, str]]:
    """Yield the text chunks that stand before the pixels."""
    while len(head := file.read(8)) == 8 and head[4:] != b"IDAT":
        length, kind = int.from_bytes(head[:4]), head[4:]
        if kind not in (b"tEXt", b"iTXt") or length > _TEXT_LIMIT:
            file.seek(length + 4, os.SEEK_CUR)
            continue
        body, check = file.read(length), file.read(4)
        if int.from_bytes(check) == zlib.crc32(kind + body):
            yield _parse_text(kind, body)


def _parse_text(kind: bytes, body: bytes) -> tuple[str, str]:
    name, _, rest = body.partition(b"\0")
    if kind == b"tEXt":
        return name.decode("latin-1"), rest.decode("latin-1")
    packed, text = rest[:1] == b"\1", rest[2:].split(b"\0", 2)[2]
    if packed:
        text = zlib.decompressobj().decompress(text, _TEXT_LIMIT)
    return name.decode("latin-1"), text.decode()


def _text_chunk(key: str, value: str) -> bytes:
    """Return a tEXt chunk, or iTXt for a value beyond ASCII (PNG 3rd edition, 11.3.3)."""
    name = key.encode("latin-1")
    if not 0 < len(name) < 80 or "\0" in key + value:
        raise ValueError(f"'{key}' cannot be a PNG keyword, or its value holds a zero byte")
    if value.isascii():
        kind, body = b"tEXt", name + b"\0" + value.encode()
    else:
        kind, body = b"iTXt", name + b"\0\0\0\0\0" + value.encode()
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)
