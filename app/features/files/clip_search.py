"""Finding a project's clip where it is now; runs on the media lane."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.canvas.pictures.maker import PictureMaker
from app.shell.jobs import Work
from matting_core.document.edits import fits
from matting_core.document.project import Clip
from matting_core.errors import MediaError
from matting_core.jobs import CancelToken
from matting_core.media.sequence import is_pattern


@dataclass(frozen=True, slots=True)
class ClipSearch:
    """Outcome of a search for a clip.

    Attributes:
        clip: the clip where it is now; with trouble, as the project knows it.
        trouble: why it cannot be shown, or None.
        stand_in: a clip of its size and length but other contents, or None.
    """

    clip: Clip | None
    trouble: MediaError | None = None
    stand_in: Clip | None = None


def search_clip(maker: PictureMaker, known: Clip, places: Sequence[str]) -> ClipSearch:
    """Open the clip at the first place where it is."""
    trouble: MediaError | None = None
    stand_in: Clip | None = None
    for place in places:
        try:
            found = maker.open(place)
        except MediaError as error:
            trouble = trouble or error.with_traceback(None)
            continue
        if found.fingerprint == known.fingerprint:
            return ClipSearch(found)
        trouble = trouble or MediaError(describe_difference(known, found))
        if stand_in is None and fits(known, found):
            stand_in = found
    gone = MediaError(f"{known.path} is not there any more; find the clip where it is now.")
    return ClipSearch(known, trouble or gone, stand_in)


def find_clip(maker: PictureMaker, known: Clip, path: Path) -> Work:
    """Work that looks for a clip at a path, or in it, and yields `ClipSearch`."""

    def work(_token: CancelToken) -> Iterator[object]:
        yield search_clip(maker, known, [str(place) for place in _places(known, path.absolute())])

    return work


def describe_difference(known: Clip, found: Clip) -> str:
    """Say in one sentence how a clip differs from the one that a project knows."""
    if fits(known, found):
        return (
            f"{found.path} has other contents than the project's clip, though its size and length; "
            "use it and track again, or find the right one."
        )
    return (
        f"{found.path} is not the project's clip: it is {_describe(found)}, the project's is "
        f"{_describe(known)}; find the right one."
    )


def _describe(clip: Clip) -> str:
    return f"{clip.size.width} x {clip.size.height} with {clip.length} frames"


def _places(known: Clip, path: Path) -> list[Path]:
    """In a folder, the file or pattern of the clip's name comes first."""
    name = Path(known.path).name
    inside = path / name
    if path.is_dir() and (inside.exists() or is_pattern(inside)):
        return [inside, path]
    return [path]
