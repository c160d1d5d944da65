"""Clips made by the tests, with the frame's number in its pixels.

The picture is a grid of 4 x 4 black or white blocks: twelve bits of the number, most significant
first, and four bits of checksum, so that a turned, mirrored or mixed picture is noticed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import cv2
import numpy as np
import numpy.typing as npt

GRID = 4
NUMBER_BITS = 12


class Disc(NamedTuple):
    """Where the disc of `write_moving_disc_clip` is; pixels of the frame."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Encoding:
    """How a clip is encoded; the codec None means the container's usual one.

    Attributes:
        codec: name of an FFmpeg encoder.
        pixel_format: FFmpeg name; None means yuv420p.
        rate: frames per second.
        gop: most frames between two key frames.
        b_frames: consecutive B-frames (libx264, mpeg4).
        time_base: unit of `pts`.
        pts: one presentation time for each frame, strictly rising; None means a constant rate.
        rotation: degrees counterclockwise that a player turns the picture by.
        matrix: "bt709", "bt601" or "bt2020", written as a tag; None leaves it unspecified.
        full_range: written as a tag; None leaves it unspecified.
        audio: whether a silent sound track goes along.
        options: the encoder's own.
        mux_options: the container's own.
    """

    codec: str | None = None
    pixel_format: str | None = None
    rate: Fraction = Fraction(24)
    gop: int = 12
    b_frames: int = 0
    time_base: Fraction | None = None
    pts: Sequence[int] | None = None
    rotation: int = 0
    matrix: str | None = None
    full_range: bool | None = None
    audio: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    mux_options: Mapping[str, str] = field(default_factory=dict)


USUAL_CODECS = {
    ".mp4": "libx264",
    ".mov": "libx264",
    ".mkv": "libx264",
    ".webm": "libvpx-vp9",
    ".avi": "mpeg4",
}
USUAL_OPTIONS = {
    "libx264": {"preset": "ultrafast", "crf": "18", "threads": "1"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "crf": "20", "b": "0", "threads": "1"},
    "mpeg4": {"qscale": "2", "b": "4000000"},
}
MATRIX_TAGS = {"bt709": 1, "bt601": 6, "bt2020": 9}


def checksum(number: int) -> int:
    """Four bits that change with each of the number's three nibbles, and with their order."""
    return ((number & 15) + 3 * (number >> 4 & 15) + 5 * (number >> 8 & 15) + 9) & 15


def numbered_picture(number: int, size: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Return (height, width, 3) uint8 with `number` (0..4095) in its blocks; size is (w, h)."""
    code = number << (GRID * GRID - NUMBER_BITS) | checksum(number)
    bits = [code >> (GRID * GRID - 1 - k) & 1 for k in range(GRID * GRID)]
    blocks = np.array(bits, np.uint8).reshape(GRID, GRID) * 219 + 18
    width, height = size
    rows = np.arange(height) * GRID // height
    columns = np.arange(width) * GRID // width
    return np.repeat(blocks[rows][:, columns, None], 3, axis=2)


def read_number(rgb: npt.NDArray[np.generic]) -> int:
    """Return the number in a picture of any depth, or -1 when it holds none."""
    pixels = np.asarray(rgb, np.float64)
    if rgb.dtype == np.uint8:
        pixels = pixels / 255
    elif rgb.dtype == np.uint16:
        pixels = pixels / 65535
    height, width = pixels.shape[:2]
    code = 0
    for k in range(GRID * GRID):
        row, column = divmod(k, GRID)
        top, left = row * height // GRID, column * width // GRID
        bottom, right = (row + 1) * height // GRID, (column + 1) * width // GRID
        inset_y, inset_x = (bottom - top) // 4, (right - left) // 4
        block = pixels[top + inset_y : bottom - inset_y, left + inset_x : right - inset_x]
        code = code << 1 | int(block.mean() > 0.5)
    number, check = divmod(code, 1 << (GRID * GRID - NUMBER_BITS))
    return number if check == checksum(number) else -1


def _tag(stream: av.VideoStream, encoding: Encoding) -> None:
    context = stream.codec_context
    if encoding.matrix is not None:
        context.colorspace = MATRIX_TAGS[encoding.matrix]
    if encoding.full_range is not None:
        context.color_range = 2 if encoding.full_range else 1
    if encoding.rotation:
        stream.set_display_rotation(encoding.rotation)


def _add_video(
    output: av.container.OutputContainer, suffix: str, size: tuple[int, int], encoding: Encoding
) -> av.VideoStream:
    codec = encoding.codec or USUAL_CODECS[suffix]
    options = {**USUAL_OPTIONS.get(codec, {}), **encoding.options}
    stream = output.add_stream(codec, rate=encoding.rate, options=options)
    stream.width, stream.height = size
    stream.pix_fmt = encoding.pixel_format or "yuv420p"
    if encoding.time_base is not None:
        stream.codec_context.time_base = encoding.time_base
    if stream.codec_context.codec.name in {"libx264", "libx265", "mpeg4", "libvpx-vp9", "ffv1"}:
        stream.codec_context.gop_size = encoding.gop
    if codec in {"libx264", "mpeg4"}:
        stream.codec_context.max_b_frames = encoding.b_frames
    _tag(stream, encoding)
    return stream


def _silence(seconds: Fraction) -> Iterator[av.AudioFrame]:
    for start in range(0, int(seconds * 48000), 1024):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate, frame.pts, frame.time_base = 48000, start, Fraction(1, 48000)
        yield frame


def _add_sound(output: av.container.OutputContainer, suffix: str) -> av.AudioStream:
    return output.add_stream("libopus" if suffix == ".webm" else "aac", rate=48000, layout="mono")


def _mux_silence(
    output: av.container.OutputContainer, sound: av.AudioStream, seconds: Fraction
) -> None:
    for block in _silence(seconds):
        output.mux(sound.encode(block))
    output.mux(sound.encode(None))


def _as_video_frame(picture: npt.NDArray[np.generic] | av.VideoFrame) -> av.VideoFrame:
    if isinstance(picture, av.VideoFrame):
        return picture
    return av.VideoFrame.from_ndarray(
        np.ascontiguousarray(picture), "rgb48le" if picture.dtype == np.uint16 else "rgb24"
    )


def write_clip(
    path: str | Path,
    pictures: Iterable[npt.NDArray[np.generic] | av.VideoFrame],
    size: tuple[int, int],
    encoding: Encoding | None = None,
) -> Path:
    """Encode pictures (RGB uint8 or uint16 arrays, or ready frames) of `size` (w, h)."""
    path, encoding = Path(path), encoding or Encoding()
    with av.open(str(path), "w", options=dict(encoding.mux_options)) as output:
        stream = _add_video(output, path.suffix, size, encoding)
        sound = _add_sound(output, path.suffix) if encoding.audio else None
        count = 0
        for count, picture in enumerate(pictures, 1):
            frame = _as_video_frame(picture)
            frame.pts = count - 1 if encoding.pts is None else encoding.pts[count - 1]
            frame.time_base = encoding.time_base or 1 / encoding.rate
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if sound is not None:
            _mux_silence(output, sound, count / encoding.rate)
    return path


def write_sound_only(path: str | Path) -> Path:
    """Write a file with one second of silence and no picture."""
    with av.open(str(path), "w") as output:
        _mux_silence(output, _add_sound(output, Path(path).suffix), Fraction(1))
    return Path(path)


def write_numbered_clip(
    path: str | Path,
    frames: int = 24,
    size: tuple[int, int] = (160, 96),
    codec: str | None = None,
    encoding: Encoding | None = None,
) -> Path:
    """Write a clip whose frame i shows the number i; see `read_number`."""
    encoding = encoding or Encoding(codec=codec)
    return write_clip(path, (numbered_picture(i, size) for i in range(frames)), size, encoding)


def _texture(size: tuple[int, int], seed: int, low: int, high: int) -> npt.NDArray[np.uint8]:
    width, height = size
    noise = np.random.default_rng(seed).random((height, width, 3), np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 4)
    smooth = (smooth - smooth.min()) / (smooth.max() - smooth.min())
    return (low + smooth * (high - low)).astype(np.uint8)


def disc_path(frames: int, size: tuple[int, int]) -> list[Disc]:
    """Where the disc is on each frame: from left to right, dipping in the middle."""
    width, height = size
    radius = min(size) / 6
    steps = np.linspace(0, 1, max(frames, 2))[:frames]
    return [
        Disc(
            float(width * (0.25 + 0.5 * t)), float(height * (0.4 + 0.2 * np.sin(np.pi * t))), radius
        )
        for t in steps
    ]


def disc_alpha(disc: Disc, size: tuple[int, int]) -> npt.NDArray[np.float32]:
    """Return the disc's true coverage, (height, width) float32 in [0, 1], one pixel soft."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) + 0.5
    distance = np.hypot(x - disc.x, y - disc.y)
    return np.clip(disc.radius - distance + 0.5, 0, 1).astype(np.float32)


def moving_disc_pictures(
    frames: int = 12, size: tuple[int, int] = (320, 240)
) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield (height, width, 3) uint8: a dark texture and a bright textured disc that moves."""
    background = _texture(size, 1, 20, 110).astype(np.float32)
    skin = _texture(size, 2, 150, 250).astype(np.float32) * np.array([1.0, 0.9, 0.5], np.float32)
    first = disc_path(frames, size)[0]
    for disc in disc_path(frames, size):
        moved = np.roll(skin, (round(disc.y - first.y), round(disc.x - first.x)), (0, 1))
        alpha = disc_alpha(disc, size)[..., None]
        yield np.rint(alpha * moved + (1 - alpha) * background).astype(np.uint8)


def write_moving_disc_clip(
    path: str | Path, frames: int = 12, size: tuple[int, int] = (320, 240)
) -> list[Disc]:
    """Write a clip of a moving bright disc; return its true place on each frame."""
    write_clip(path, moving_disc_pictures(frames, size), size)
    return disc_path(frames, size)
