"""Data sets of pictures with their alpha, found in the folders as their authors pack them.

A data set is added by one line of a training configuration, for example
`{layout = "am-2k", root = "/data/AM2k", share = 0.5}`. Layouts are data: in `LAYOUTS` each is a
list of parts, of which at least one must be there. In a pattern `{field}` stands for any part of
a name and must be the same in both patterns, `*` for any part of a name that does not matter, and
the ending is left out: every kind of image will do. An image with several alphas (one per
person, per object) gives several pairs.

| layout           | images                                      | alphas                        |
|------------------|---------------------------------------------|-------------------------------|
| wisp             | name_image.jpg                              | name_alpha.png                |
| am-2k            | train, validation: original/                | mask/                         |
| p3m-10k          | train, validation/P3M-500-P: blurred_image/ | mask/                         |
|                  | validation/P3M-500-NP: original_image/      | mask/                         |
| aim-500          | original/                                   | mask/                         |
| ppm-100          | image/ (or val/fg/)                         | matte/ (or val/alpha/)        |
| distinctions-646 | Train, Test: FG/, foregrounds               | GT/                           |
| composition-1k   | Training_set, Test_set: .../fg/, foregrounds| .../alpha/                    |
| refmatte         | train, test: img/                           | mask/, name or name_*         |
|                  | RefMatte_RW_100: image_all/                 | mask/, name or name_*         |
| i-him50k         | images/ (or train/images/)                  | alphas/name/*, one per person |
| videomatte240k   | train, test: fgr/clip/frame, foregrounds    | pha/clip/frame                |
| v-him            | fgr/clip/frame, also below easy, medium...  | pha/clip/frame/*              |

VideoMatte240K is handed out as pairs of videos and as folders of frames; only the latter are
read, so take the JPEG version or extract the frames of the videos first. `v-him` is V-HIM60 and
V-HIM2K5; its `fgr` holds whole pictures, not foregrounds.
"""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from matting_core.errors import InputError, MediaError
from matting_core.media.stills import IMAGE_SUFFIXES

_FIELD = re.compile(r"\{(\w+)\}|(\*)")


@dataclass(frozen=True, slots=True, order=True)
class ImagePair:
    """A picture and the alpha of its subject, as files of one size.

    Attributes:
        image: the picture, or its subject's straight colours.
        alpha: the subject's coverage.
        foreground_only: the picture holds no background that belongs to it.
        weight: how often it is drawn, against 1 for the others.
    """

    image: Path
    alpha: Path
    foreground_only: bool = False
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class LayoutPart:
    """Patterns of one part of a layout for images and their alphas; see the module's docstring."""

    images: str
    alphas: str
    foreground_only: bool = False


LAYOUTS: Mapping[str, tuple[LayoutPart, ...]] = MappingProxyType(
    {
        "wisp": (LayoutPart("{name}_image", "{name}_alpha"),),
        "am-2k": (LayoutPart("{split}/original/{name}", "{split}/mask/{name}"),),
        "p3m-10k": (
            LayoutPart("train/blurred_image/{name}", "train/mask/{name}"),
            LayoutPart("validation/{part}/blurred_image/{name}", "validation/{part}/mask/{name}"),
            LayoutPart("validation/{part}/original_image/{name}", "validation/{part}/mask/{name}"),
        ),
        "aim-500": (LayoutPart("original/{name}", "mask/{name}"),),
        "ppm-100": (
            LayoutPart("image/{name}", "matte/{name}"),
            LayoutPart("val/fg/{name}", "val/alpha/{name}"),
        ),
        "distinctions-646": (LayoutPart("{split}/FG/{name}", "{split}/GT/{name}", True),),
        "composition-1k": (
            LayoutPart("{split}/{part}/fg/{name}", "{split}/{part}/alpha/{name}", True),
            LayoutPart("{split}/fg/{name}", "{split}/alpha/{name}", True),
        ),
        "refmatte": (
            LayoutPart("{split}/img/{name}", "{split}/mask/{name}"),
            LayoutPart("{split}/img/{name}", "{split}/mask/{name}_*"),
            LayoutPart("{split}/image_all/{name}", "{split}/mask/{name}"),
            LayoutPart("{split}/image_all/{name}", "{split}/mask/{name}_*"),
        ),
        "i-him50k": (
            LayoutPart("images/{name}", "alphas/{name}/*"),
            LayoutPart("{split}/images/{name}", "{split}/alphas/{name}/*"),
        ),
        "videomatte240k": (
            LayoutPart("{split}/fgr/{clip}/{frame}", "{split}/pha/{clip}/{frame}", True),
            LayoutPart("fgr/{clip}/{frame}", "pha/{clip}/{frame}", True),
        ),
        "v-him": (
            LayoutPart("fgr/{clip}/{frame}", "pha/{clip}/{frame}/*"),
            LayoutPart("{split}/fgr/{clip}/{frame}", "{split}/pha/{clip}/{frame}/*"),
        ),
    }
)
"""The folders of every layout by its name."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """One line of a training configuration: a folder, how it is laid out, how often it is drawn.

    Attributes:
        layout: a name in `LAYOUTS`.
        root: the folder that the layout's patterns start from.
        share: of all draws, against the other data sets' shares.
    """

    layout: str
    root: Path
    share: float = 1.0

    @classmethod
    def from_entry(cls, entry: Mapping[str, Any]) -> Self:
        """Read a configuration's entry.

        Raises:
            InputError: a key is missing or unknown, or the share is not above 0.
        """
        unknown = entry.keys() - {"layout", "root", "share"}
        if unknown or not {"layout", "root"} <= entry.keys():
            raise InputError(
                f"A data set needs layout, root and at most share, not {', '.join(sorted(entry))};"
                ' write {layout = "wisp", root = "...", share = 0.5}.'
            )
        share = entry.get("share", 1.0)
        if isinstance(share, bool) or not isinstance(share, int | float) or not share > 0:
            raise InputError(f"The share {share!r} is not a number above 0; write 1 for all alike.")
        return cls(str(entry["layout"]), Path(str(entry["root"])), float(share))


def gather_pairs(datasets: Sequence[Dataset]) -> tuple[ImagePair, ...]:
    """Gather the pairs of several data sets, weighted so that each is drawn by its share.

    Raises:
        InputError: a layout is unknown.
        MediaError: a folder is empty, or an alpha is missing.
    """
    pairs: list[ImagePair] = []
    for dataset in datasets:
        found = find_pairs(dataset.layout, dataset.root)
        weight = dataset.share / len(found)
        pairs += (dataclasses.replace(pair, weight=weight) for pair in found)
    return tuple(pairs)


def find_pairs(layout: str, root: Path) -> tuple[ImagePair, ...]:
    """Find all pairs below a folder, sorted.

    Raises:
        InputError: the layout is unknown.
        MediaError: the folder is missing or holds no pair, or an image has no alpha.
    """
    parts = LAYOUTS.get(layout)
    if parts is None:
        raise InputError(f"The layout '{layout}' is unknown; take one of {', '.join(LAYOUTS)}.")
    found: set[ImagePair] = set()
    bare: set[Path] = set()
    for part in parts:
        pairs, without = _find_part(part, root)
        found |= pairs
        bare |= without
    bare -= {pair.image for pair in found}
    if bare:
        raise MediaError(
            f"{min(bare)} has no alpha ({len(bare)} such images); add it as "
            f"{' or '.join(part.alphas for part in parts)} below {root}, or remove the image."
        )
    if not found:
        raise MediaError(
            f"{root} holds no pairs laid out as '{layout}'; it should hold images as "
            f"{' or '.join(dict.fromkeys(part.images for part in parts))}."
        )
    return tuple(sorted(found))


def _find_part(part: LayoutPart, root: Path) -> tuple[set[ImagePair], set[Path]]:
    """Find the pairs of one part, and the images without an alpha."""
    alphas: dict[tuple[tuple[str, str], ...], list[Path]] = defaultdict(list)
    images = _find_matches(part.images, root)
    for path, fields in _find_matches(part.alphas, root) if images else ():
        alphas[fields].append(path)
    pairs = {
        ImagePair(image, alpha, part.foreground_only)
        for image, fields in images
        for alpha in alphas.get(fields, ())
    }
    return pairs, {image for image, fields in images if fields not in alphas}


def _find_matches(pattern: str, root: Path) -> list[tuple[Path, tuple[tuple[str, str], ...]]]:
    """Find image files below `root` that a pattern fits, each with its fields' values by name."""
    shape = re.compile(_make_expression(pattern) + r"\.\w+")
    found = []
    for path in root.glob(_FIELD.sub("*", pattern) + ".*"):
        # hidden files are the "._name.jpg" and the like that other systems leave in archives
        if path.suffix.lower() not in IMAGE_SUFFIXES or path.name.startswith("."):
            continue
        match = shape.fullmatch(path.relative_to(root).as_posix())
        if match is not None:
            found.append((path, tuple(sorted(match.groupdict().items()))))
    return found


def _make_expression(pattern: str) -> str:
    """Make the regular expression of a pattern without its ending."""
    pieces, end = [], 0
    for match in _FIELD.finditer(pattern):
        name = match.group(1)
        pieces += [
            re.escape(pattern[end : match.start()]),
            f"(?P<{name}>[^/]+)" if name else "[^/]*",
        ]
        end = match.end()
    return "".join([*pieces, re.escape(pattern[end:])])
