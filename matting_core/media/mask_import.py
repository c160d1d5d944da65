"""Import of masks and alpha sequences as masks for a clip's frames."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from matting_core.errors import InputError, MediaError
from matting_core.media.masks import MASK_THRESHOLD
from matting_core.media.opening import list_clip_files
from matting_core.media.sequence import is_pattern
from matting_core.media.stills import IMAGE_SUFFIXES, read_mask_image
from matting_core.media.video import VIDEO_SUFFIXES, VideoSource
from matting_core.types import Plane, Size

_PLACEHOLDER = re.compile(r"%(?:0\d+)?d|#+")
_NUMBERED = re.compile(r"(?P<before>.*?)(?P<number>\d+)(?P<after>\.[^.]*)", re.DOTALL)
_PREFERRED = "alpha"
_LUMA = np.array([0.2126, 0.7152, 0.0722])


class MaskSource(Protocol):
    """Source of masks in order, perhaps with numbers of their own."""

    @property
    def numbers(self) -> tuple[int, ...] | None:
        """Number of each mask, or None without numbers."""
        ...

    def __len__(self) -> int: ...

    def read(self, index: int) -> Plane:
        """Return one mask as (H, W) float32 in [0, 1].

        Raises:
            MediaError: it is damaged or gone.
        """
        ...

    def close(self) -> None:
        """Release files."""
        ...


class MaskNumbering(Enum):
    """Numbering by which masks were assigned to frames."""

    SOURCE = "by the clip's own numbers"
    INDEX = "by frame index"
    ORDER = "one by one from the first frame on"


@dataclass(frozen=True, slots=True)
class MaskAssignment:
    """Assignment of masks to frames.

    Attributes:
        frames: pairs of a mask's place in its source and a frame index.
        placement: how that was decided.
        outside: how many masks are on no frame of the clip.
    """

    frames: tuple[tuple[int, int], ...]
    placement: MaskNumbering
    outside: int


def read_mask(path: Path, size: Size) -> Plane:
    """Read a mask image for a clip's frame: its alpha if there is one, else its luminance.

    Returns:
        (H, W) float32 in [0, 1] of the clip's size, all 0 if nothing is marked. Where nothing is
        brighter than half, as in a palette or label image, all that is not black is marked.

    Raises:
        MediaError: it cannot be read.
        InputError: it has another shape than the clip.
    """
    return fit_to_size(read_mask_image(path), size, str(path))


def fit_to_size(mask: Plane, size: Size, name: str) -> Plane:
    """Scale a mask to a clip's size; see `read_mask`.

    Raises:
        InputError: its sides have another ratio than the clip's.
    """
    height, width = mask.shape
    if abs(width * size.height - height * size.width) > max(size):
        raise InputError(
            f"{name} is {width} x {height}, but the clip is {size.width} x {size.height}; "
            "use a mask of the clip's size or shape."
        )
    if mask.shape != size.hw:
        way = cv2.INTER_AREA if width > size.width else cv2.INTER_LINEAR
        mask = np.asarray(cv2.resize(mask, size, interpolation=way), np.float32)
    if mask.max() < 0.5:
        mask = (mask > MASK_THRESHOLD).astype(np.float32)
    return mask


def open_masks(path: Path) -> MaskSource:
    """Open a folder, a `name.%04d.png` pattern, one file of a numbered sequence, or a video.

    Raises:
        MediaError: there is nothing of the kind, or a folder holds several sequences.
    """
    if path.is_dir():
        return StillMasks(_find_in_folder(path))
    if is_pattern(path) and not path.exists():
        before, after = _PLACEHOLDER.split(path.name)
        return StillMasks(_find_matching(path.parent, before, after))
    if path.suffix.lower() in VIDEO_SUFFIXES:
        return VideoMasks(path)
    numbered = _NUMBERED.fullmatch(path.name)
    if numbered is None or not path.exists():
        return StillMasks([path])
    return StillMasks(_find_matching(path.parent, numbered["before"], numbered["after"]))


class StillMasks:
    """Masks from one image each."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = tuple(files)

    @property
    def numbers(self) -> tuple[int, ...] | None:
        """Numbers at the end of the files' names, if all differ."""
        return read_numbers(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def read(self, index: int) -> Plane:
        """See `MaskSource.read`."""
        return read_mask_image(self._files[index])

    def close(self) -> None:
        """Do nothing; files are open only while they are read."""


class VideoMasks:
    """Masks from the luminance of a video's frames."""

    def __init__(self, path: Path) -> None:
        self._source = VideoSource(path)

    @property
    def numbers(self) -> tuple[int, ...] | None:
        """None: frames of a video have only their order."""
        return None

    def __len__(self) -> int:
        return len(self._source)

    def read(self, index: int) -> Plane:
        """See `MaskSource.read`."""
        rgb = self._source.read(index)
        return np.asarray(rgb @ (_LUMA / np.iinfo(rgb.dtype).max), np.float32)

    def close(self) -> None:
        """Release the video."""
        self._source.close()


def assign_masks(
    numbers: Sequence[int] | None, count: int, clip: Path, length: int
) -> MaskAssignment:
    """Assign masks to the frames of a clip.

    Numbers that the clip's files have decide. If none of them is such a number, or the clip is a
    video, they are frame indexes (as Wisp exports them) when all of them can be; otherwise only
    the order counts.

    Args:
        numbers: of the masks, if they have any.
        count: how many masks there are.
        clip: its path.
        length: how many frames it has.

    Raises:
        MediaError: the clip is gone.
    """
    own = None if clip.suffix.lower() in VIDEO_SUFFIXES else read_numbers(list_clip_files(clip))
    if numbers is not None and own is not None and not set(own).isdisjoint(numbers):
        frame_of = {number: frame for frame, number in enumerate(own)}
        pairs = [(k, frame_of[number]) for k, number in enumerate(numbers) if number in frame_of]
        return _make_assignment(pairs, MaskNumbering.SOURCE, count)
    if numbers is not None and all(number < length for number in numbers):
        return _make_assignment(enumerate(numbers), MaskNumbering.INDEX, count)
    return _make_assignment(((k, k) for k in range(min(count, length))), MaskNumbering.ORDER, count)


def read_numbers(files: Sequence[Path]) -> tuple[int, ...] | None:
    """Read the numbers at the end of the files' names, if every file has one and all differ."""
    found = [re.search(r"\d+$", file.stem) for file in files]
    numbers = tuple(int(match[0]) for match in found if match)
    return numbers if len(set(numbers)) == len(files) else None


def _make_assignment(
    pairs: Iterable[tuple[int, int]], placement: MaskNumbering, count: int
) -> MaskAssignment:
    frames = tuple(pairs)
    return MaskAssignment(frames, placement, count - len(frames))


def _find_in_folder(folder: Path) -> list[Path]:
    """List the folder's images; of several sequences the one that is called alpha."""
    sequences: dict[tuple[str, str], list[Path]] = {}
    for file in _list_images(folder):
        numbered = _NUMBERED.fullmatch(file.name)
        name = (numbered["before"], numbered["after"]) if numbered else ("", "")
        sequences.setdefault(name, []).append(file)
    if not sequences:
        raise MediaError(f"{folder} has no images in it; choose a folder of PNG, TIFF, EXR ... .")
    alphas = [name for name in sequences if name[0].casefold().startswith(_PREFERRED)]
    if len(sequences) > 1 and len(alphas) != 1:
        raise MediaError(
            f"{folder} holds several sequences of images; choose one file of the one you mean."
        )
    files = sequences[alphas[0] if len(sequences) > 1 else next(iter(sequences))]
    return sorted(files, key=_numeric_key)


def _find_matching(folder: Path, before: str, after: str) -> list[Path]:
    shape = re.compile(re.escape(before) + r"\d+" + re.escape(after))
    files = [file for file in _list_images(folder) if shape.fullmatch(file.name)]
    if not files:
        raise MediaError(f"No image in {folder} is named {before}0001{after}; check the name.")
    return sorted(files, key=_numeric_key)


def _list_images(folder: Path) -> list[Path]:
    try:
        found = list(folder.iterdir())
    except OSError as error:
        raise MediaError(f"{folder} may not be read; check its permissions.") from error
    return [
        file
        for file in found
        if file.name[0] != "." and file.suffix.lower() in IMAGE_SUFFIXES and file.is_file()
    ]


def _numeric_key(file: Path) -> tuple[int, str]:
    match = re.search(r"\d+$", file.stem)
    return int(match[0]) if match else -1, file.name
