"""Test sets of `wisp bench quality`, found in a folder like shared/data.

| set        | folder            | prompt                                    | truth               |
|------------|-------------------|-------------------------------------------|---------------------|
| boxes      | eval/alphamatting | box around alpha > 0.5                    | measured            |
| wide-boxes | eval/alphamatting | box around alpha > 0                      | measured            |
| trimaps    | eval/alphamatting | box around alpha > 0.5, and the trimap    | measured            |
| video      | eval/sav_pseudo   | the mask of the first frame               | another model's     |

The set `rendered` is of `matting_core.training.validation_set`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from types import MappingProxyType

import numpy as np

from matting_core.document.prompts import MaskPrompt
from matting_core.errors import InputError
from matting_core.evaluation.quality.cases import OPAQUE, Case, CaseSet, make_still_case
from matting_core.media.color import to_display
from matting_core.media.masks import encode_mask
from matting_core.media.opening import open_source
from matting_core.media.source import FrameSource
from matting_core.media.stills import IMAGE_SUFFIXES, read_mask_image
from matting_core.metrics.names import DEFAULT_METRICS, Metric
from matting_core.types import Frame8, Plane

PHOTOS = Path("eval", "alphamatting")
CLIPS = Path("eval", "sav_pseudo")

STILL_METRICS = tuple(metric for metric in DEFAULT_METRICS if metric is not Metric.DTSSD)
"""Measures of single pictures."""
_PARTS = ("rgb", "mask", "alpha")
_MASKED = 127
_SURE = 0.1
"""A trimap's values this near to 0 or 1 are taken as known."""


def open_photo_set(name: str, title: str, level: float, trimaps: bool, data: Path) -> CaseSet:
    """Open the photos of alphamatting.com with a box around alpha > `level`.

    Raises:
        InputError: a folder is missing or empty.
    """
    folder = data / PHOTOS
    for part in ("image", "alpha", *(["trimap"] if trimaps else [])):
        check_folder(folder / part, name)
    images = sorted(
        path for path in (folder / "image").iterdir() if path.suffix.lower() in IMAGE_SUFFIXES
    )
    _check_some(images, folder / "image", name)

    def cases() -> Iterator[Case]:
        for image in images:
            truth = read_mask_image(folder / "alpha" / f"{image.stem}.png")
            trimap = _read_trimap(folder / "trimap" / f"{image.stem}.png") if trimaps else None
            yield make_still_case(image.stem, _read_photo(image), truth, level, trimap)

    return CaseSet(name, title, STILL_METRICS, len(images), True, cases)


def open_video_set(data: Path) -> CaseSet:
    """Open the clips of sav_pseudo, each with the mask of its first frame.

    Raises:
        InputError: the folder is missing or empty, or a clip's videos do not fit together.
        MediaError: a video is missing or damaged.
    """
    folder = data / CLIPS
    check_folder(folder, "video")
    clips = sorted(path for path in folder.iterdir() if path.is_dir())
    _check_some(clips, folder, "video")
    frames = 0
    for clip in clips:
        with ExitStack() as stack:
            frames += len(_open_clip(clip, stack)[0])
    title = "sav_pseudo, mask of the first frame (the truth is another model's answer)"

    def cases() -> Iterator[Case]:
        for clip in clips:
            with ExitStack() as stack:
                rgb, mask, alpha = _open_clip(clip, stack)
                inside = (_grey(mask, 0) > _MASKED).astype(np.float32)
                prompt = MaskPrompt(0, encode_mask(inside))
                yield Case(clip.name, rgb, prompt, partial(_read_alpha, alpha))

    return CaseSet("video", title, DEFAULT_METRICS, frames, False, cases)


SetOpener = Callable[[Path], CaseSet]
"""Opens a set in the data's folder."""

SETS: Mapping[str, SetOpener] = MappingProxyType(
    {
        "boxes": partial(open_photo_set, "boxes", "alphamatting, one box", OPAQUE, False),
        "wide-boxes": partial(
            open_photo_set, "wide-boxes", "alphamatting, one box around all of alpha", 0.0, False
        ),
        "trimaps": partial(
            open_photo_set, "trimaps", "alphamatting, one box and the given trimap", OPAQUE, True
        ),
        "video": open_video_set,
    }
)
"""Openers of the sets by name."""

DEFAULT_SETS = ("boxes", "trimaps", "video", "rendered")


def open_sets(
    data: Path, names: Sequence[str], sets: Mapping[str, SetOpener] = SETS
) -> tuple[CaseSet, ...]:
    """Find the named sets, each once.

    Args:
        data: the folder.
        names: of the sets.
        sets: what opens each, by name.

    Raises:
        InputError: a name is unknown, or a set is not in the folder.
        MediaError: a file of a set is missing or damaged.
    """
    wanted = tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in sets:
            raise InputError(f"There is no set called '{name}'; choose from {', '.join(sets)}.")
    return tuple(sets[name](data) for name in wanted)


def check_folder(folder: Path, name: str) -> None:
    """Refuse a set without its folder.

    Raises:
        InputError: the folder is missing.
    """
    if not folder.is_dir():
        raise InputError(
            f"The set '{name}' needs the folder {folder}, which is missing; "
            "give --data the folder that holds it, or leave the set out."
        )


def _check_some(found: Sequence[Path], folder: Path, name: str) -> None:
    if not found:
        raise InputError(f"{folder} is empty; fill it, or leave the set '{name}' out.")


def _read_photo(path: Path) -> Frame8:
    with closing(open_source(path)) as source:
        return to_display(source.read(0), source.transfer)


def _read_trimap(path: Path) -> Plane:
    values = read_mask_image(path)
    known = (values > 1 - _SURE).astype(np.float32)
    unknown = (values >= _SURE) & (values <= 1 - _SURE)
    return np.where(unknown, np.float32(0.5), known)


def _open_clip(clip: Path, stack: ExitStack) -> tuple[FrameSource, FrameSource, FrameSource]:
    rgb, mask, alpha = (
        stack.enter_context(closing(open_source(clip / f"{part}.mp4"))) for part in _PARTS
    )
    if not rgb.size == mask.size == alpha.size or len(rgb) != len(alpha):
        raise InputError(
            f"The videos in {clip} are not of one size and length; copy them from the data set "
            "again."
        )
    return rgb, mask, alpha


def _read_alpha(source: FrameSource, frame: int) -> Plane:
    return _grey(source, frame) / np.float32(255)


def _grey(source: FrameSource, frame: int) -> Plane:
    """Read a frame's green, (H, W) float32 in [0, 255]; the videos have no colour."""
    return to_display(source.read(frame), source.transfer)[..., 1].astype(np.float32)
