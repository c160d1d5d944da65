"""Opening of clips: videos, folders of stills, patterns and single images."""

from __future__ import annotations

from pathlib import Path

from matting_core.errors import MediaError
from matting_core.media.sequence import SequenceSource, find_files, is_pattern
from matting_core.media.source import FrameSource
from matting_core.media.stills import IMAGE_SUFFIXES
from matting_core.media.video import VIDEO_SUFFIXES, VideoSource

_PROJECT_SUFFIX = ".wisp"


def open_source(path: str | Path) -> FrameSource:
    """Open a video file, a folder of stills, a `name.%04d.exr` pattern or a single image.

    Raises:
        MediaError: there is nothing at the path, or nothing that Wisp reads.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if path.is_dir() or suffix in IMAGE_SUFFIXES:
        return SequenceSource(path)
    if suffix in VIDEO_SUFFIXES:
        return VideoSource(path)
    if suffix == _PROJECT_SUFFIX:
        raise MediaError(f"{path} is a project, not a clip; open it with 'wisp {path.name}'.")
    if not path.exists() and not is_pattern(path):
        raise MediaError(f"{path} does not exist; check the path.")
    raise MediaError(
        f"{path} is of a kind that Wisp does not read; "
        "choose a video, an image, or a folder of images."
    )


def list_clip_files(path: str | Path) -> tuple[Path, ...]:
    """List the files of a clip, in the order of its frames.

    Raises:
        MediaError: there is nothing at the path.
    """
    path = Path(path)
    if path.is_dir() or (is_pattern(path) and not path.exists()):
        return tuple(find_files(path)[0])
    if not path.exists():
        raise MediaError(f"{path} does not exist; check the path.")
    return (path,)
