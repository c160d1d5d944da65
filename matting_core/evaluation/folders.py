"""Folders of mattes: predicted files matched with true ones, and both read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matting_core.errors import InputError, MediaError
from matting_core.media.stills import IMAGE_SUFFIXES, read_header, read_mask_image
from matting_core.metrics.tally import Mask
from matting_core.types import Plane

_ALPHA = "alpha_"
_TRIMAP = "trimap_"
_NAMED = 3


@dataclass(frozen=True, slots=True)
class FramePair:
    """Files of one object on one frame.

    Attributes:
        folder: where both lie below their folders, "" at the top; one object or one clip.
        stem: their common name without its ending.
        pred: the predicted alpha.
        truth: the true alpha.
        trimap: the trimap, where one was asked for.
    """

    folder: str
    stem: str
    pred: Path
    truth: Path
    trimap: Path | None = None

    @property
    def name(self) -> str:
        """Folder and stem: `dog/alpha_000000`."""
        return f"{self.folder}/{self.stem}" if self.folder else self.stem


def match_folders(pred: Path, truth: Path, trimap: Path | None = None) -> tuple[FramePair, ...]:
    """Match the images of two folders, and those of their subfolders, by name.

    `a/x.png` and `a/x.exr` match. In a folder that holds `alpha_*` files, as Wisp writes them, the
    other images are left out. Trimaps may be called `trimap_*` where alphas are called `alpha_*`,
    and may be more than are needed.

    Returns:
        Pairs in natural order (2 before 10), folder after folder.

    Raises:
        InputError: a file is missing on one side, or sizes differ; the message names the first.
        MediaError: a folder is missing or has no images, or an image cannot be read.
    """
    found, wanted = _find_alphas(pred), _find_alphas(truth)
    _check_same_names(pred, found.keys(), truth, wanted.keys())
    trimaps = {} if trimap is None else _find_trimaps(trimap)
    if trimap is not None and (lost := sorted(wanted.keys() - trimaps.keys(), key=_natural_key)):
        raise InputError(f"{trimap} lacks {_list_names(lost)}; put a trimap there for every frame.")
    pairs = [
        FramePair(*_split(name), found[name], wanted[name], trimaps.get(name))
        for name in sorted(wanted, key=_natural_key)
    ]
    _check_sizes(pairs)
    return tuple(pairs)


def read_alphas(pair: FramePair) -> tuple[Plane, Plane]:
    """Return the predicted and the true alpha, (H, W) float32 in [0, 1].

    Raises:
        MediaError: a file is gone or damaged.
    """
    return read_mask_image(pair.pred), read_mask_image(pair.truth)


def read_band(pair: FramePair) -> Mask | None:
    """Return where the trimap is neither 0 nor 1, (H, W) bool; None without a trimap.

    Raises:
        MediaError: the file is gone or damaged.
    """
    if pair.trimap is None:
        return None
    trimap = read_mask_image(pair.trimap)
    return (trimap > 0) & (trimap < 1)


def frame_number(stem: str) -> int | None:
    """Return the number at a name's end.

    >>> frame_number("alpha_000012")
    12
    """
    digits = re.search(r"\d+$", stem)
    return int(digits[0]) if digits else None


def images_by_name(folder: Path) -> dict[str, Path]:
    """Return every image below a folder by its path in it without ending: `dog/alpha_000000`.

    Hidden files and folders are left out.

    Raises:
        InputError: two images differ only in their ending.
        MediaError: the folder is missing or may not be read.
    """
    if not folder.is_dir():
        raise MediaError(f"{folder} is no folder; check the path.")
    try:
        paths = sorted(path for path in folder.rglob("*") if _is_image(path, folder))
    except OSError as error:
        raise MediaError(f"{folder} may not be read; check its permissions.") from error
    images: dict[str, Path] = {}
    for path in paths:
        name = path.relative_to(folder).with_suffix("").as_posix()
        if name in images:
            raise InputError(f"{images[name]} and {path} have one name; move one of them away.")
        images[name] = path
    return images


def _find_alphas(folder: Path) -> dict[str, Path]:
    images = images_by_name(folder)
    ours = {path.parent for path in images.values() if path.name.startswith(_ALPHA)}
    alphas = {
        name: path
        for name, path in images.items()
        if path.parent not in ours or path.name.startswith(_ALPHA)
    }
    if not alphas:
        raise MediaError(f"{folder} has no images in it; choose a folder of alphas.")
    return alphas


def _find_trimaps(folder: Path) -> dict[str, Path]:
    """Return trimaps under the names of their alphas; `trimap_*` wins over `alpha_*`."""
    images = images_by_name(folder)
    named = {
        (f"{above}/" if above else "") + _ALPHA + stem.removeprefix(_TRIMAP): path
        for (above, stem), path in ((_split(name), path) for name, path in images.items())
        if stem.startswith(_TRIMAP)
    }
    return images | named


def _is_image(path: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return not hidden and path.suffix.lower() in IMAGE_SUFFIXES and path.is_file()


def _check_same_names(pred: Path, found: Iterable[str], truth: Path, wanted: Iterable[str]) -> None:
    names, true_names = set(found), set(wanted)
    reasons = [
        f"{folder} lacks {_list_names(sorted(lost, key=_natural_key))}"
        for folder, lost in ((pred, true_names - names), (truth, names - true_names))
        if lost
    ]
    if reasons:
        raise InputError(f"{' and '.join(reasons)}; both folders need the same file names.")


def _check_sizes(pairs: Sequence[FramePair]) -> None:
    sizes: dict[str, tuple[Path, tuple[int, int]]] = {}
    for pair in pairs:
        for path in filter(None, (pair.truth, pair.pred, pair.trimap)):
            size = read_header(path).size
            first, wanted = sizes.setdefault(pair.folder, (path, size))
            if size != wanted:
                raise InputError(
                    f"{path} is {size[0]} x {size[1]}, but {first} is {wanted[0]} x {wanted[1]}; "
                    "alphas of one clip need one size."
                )


def _list_names(names: Sequence[str]) -> str:
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _split(name: str) -> tuple[str, str]:
    above, _, stem = name.rpartition("/")
    return above, stem


def _natural_key(name: str) -> tuple[str, list[tuple[int, str]], str]:
    above, stem = _split(name)
    parts = re.split(r"(\d+)", stem)
    return above, [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], name
