"""Image sequences and stills as clips."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from matting_core.errors import InputError, MediaError
from matting_core.media.fingerprint import fingerprint_files
from matting_core.media.stills import IMAGE_SUFFIXES, read_header, read_rgb
from matting_core.types import FramePixels, Size, Transfer

STILLS_RATE = Fraction(24)

_PLACEHOLDER = re.compile(r"%(?:0(?P<width>\d+))?d|(?P<hashes>#+)")


class SequenceSource:
    """Clip of a folder of stills, a `name.%04d.exr` or `name.####.exr` pattern, or a single image.

    Folders are sorted naturally (2 before 10), hidden files and files that are no images are left
    out, and gaps in the numbers are fine. A pattern's numbers must follow each other: a frame
    missing in the middle of a render is an error when opening. Every frame must have one size.

    Values come as stored (see `stills.read_rgb`): alpha dropped, EXIF orientation honoured. Float
    formats count as scene-linear, all others as sRGB; DPX and Cineon log codes are not decoded.

    Raises:
        MediaError: nothing to read, a missing frame, or frames of several sizes.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._files, self._first_number = find_files(self._path)
        header = read_header(self._files[0])
        self._size = header.size
        self._transfer: Transfer = "linear" if header.linear else "srgb"
        for file in self._files[1:]:
            self._check(file)

    @property
    def path(self) -> str:
        """The folder, pattern or image."""
        return str(self._path)

    @property
    def size(self) -> Size:
        """Width and height of every frame, upright."""
        return self._size

    @property
    def rate(self) -> Fraction:
        """24 frames per second; stills carry no rate."""
        return STILLS_RATE

    @property
    def first_number(self) -> int:
        """The number in the first file's name (for a folder or an image: at its end), or 0."""
        return self._first_number

    @property
    def transfer(self) -> Transfer:
        """Encoding of values: "linear" for float formats, else "srgb"."""
        return self._transfer

    @cached_property
    def fingerprint(self) -> str:
        """Hex digest of the files' contents."""
        return fingerprint_files(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def read(self, index: int) -> FramePixels:
        """Return frame `index`, read-only (H, W, 3) uint8, uint16 or float16.

        Raises:
            InputError: the index is outside the clip.
            MediaError: the file is damaged or gone, or has changed its size.
        """
        if not 0 <= index < len(self):
            raise InputError(f"Frame {index} is outside {self.path}, which has 0:{len(self)}.")
        pixels = read_rgb(self._files[index])
        if pixels.shape[:2] != self._size.hw:
            raise MediaError(f"{self._files[index]} has changed its size; open the clip again.")
        return pixels

    def time(self, index: int) -> Fraction:
        """Return the time of frame `index` in seconds at 24 frames per second."""
        return index / STILLS_RATE

    def close(self) -> None:
        """Do nothing; files are open only while they are read."""

    def _check(self, file: Path) -> None:
        header = read_header(file)
        if header.size != self._size:
            raise MediaError(
                f"{file} is {header.size.width} x {header.size.height}, but the frames before it "
                f"are {self._size.width} x {self._size.height}; move it elsewhere or resize it."
            )
        if header.linear != (self._transfer == "linear"):
            raise MediaError(
                f"{file} mixes float and integer images in one clip; move it elsewhere."
            )


def is_pattern(path: Path) -> bool:
    """Whether a name has a place for the frame number, `%04d` or `####`."""
    return len(list(_PLACEHOLDER.finditer(path.name))) == 1


def find_files(path: Path) -> tuple[list[Path], int]:
    """Return the frames' files in order, and the number of the first.

    Raises:
        MediaError: nothing to read, or a missing frame.
    """
    if is_pattern(path) and not path.exists():
        return _find_matching(path)
    files = _list_folder(path) if path.is_dir() else [path]
    ending = re.search(r"\d+$", files[0].stem)
    return files, int(ending[0]) if ending else 0


def _list_folder(folder: Path) -> list[Path]:
    try:
        found = [p for p in folder.iterdir() if _is_image(p)]
    except OSError as error:
        raise MediaError(f"{folder} may not be read; check its permissions.") from error
    if not found:
        raise MediaError(f"{folder} has no images in it; choose a folder of PNG, JPEG, EXR ... .")
    return sorted(found, key=_natural_key)


def _is_image(path: Path) -> bool:
    return (
        not path.name.startswith(".") and path.suffix.lower() in IMAGE_SUFFIXES and path.is_file()
    )


def _natural_key(path: Path) -> list[tuple[int, int, str]]:
    parts: Iterable[str] = re.split(r"(\d+)", path.name)
    key = [(0, int(p), "") if p.isdecimal() else (1, 0, p.casefold()) for p in parts if p]
    return [*key, (1, 0, path.name)]


def _find_matching(pattern: Path) -> tuple[list[Path], int]:
    place = _PLACEHOLDER.search(pattern.name)
    if place is None or not pattern.parent.is_dir():
        raise MediaError(f"{pattern.parent} does not exist; check the path.")
    width = len(place["hashes"] or "") or int(place["width"] or 1)
    before, after = pattern.name[: place.start()], pattern.name[place.end() :]
    shape = re.compile(re.escape(before) + r"(\d+)" + re.escape(after))
    found = {
        int(match[1]): path
        for path in pattern.parent.iterdir()
        if (match := shape.fullmatch(path.name)) and match[1] == f"{int(match[1]):0{width}d}"
    }
    if not found:
        raise MediaError(f"No file matches {pattern}; check the name and the number of digits.")
    first, last = min(found), max(found)
    for number in range(first, last):
        if number not in found:
            name = f"{before}{number:0{width}d}{after}"
            raise MediaError(f"{pattern.with_name(name)} is missing; render or copy that frame.")
    return [found[number] for number in range(first, last + 1)], first
