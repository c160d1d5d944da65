"""What opening a clip, a project or the demo means; runs on the media lane."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from app.jobs import Work
from app.pictures import PictureMaker
from matting_core.document import storage
from matting_core.document.project import Clip, Project, Settings
from matting_core.document.prompt_file import read_prompts
from matting_core.errors import MediaError
from matting_core.jobs import CancelToken
from matting_core.resources import resource_path

DEMO_CLIP = "demo/bigbuckbunny.mp4"
DEMO_PROMPTS = "demo/prompts.json"


@dataclass(frozen=True, slots=True)
class Opened:
    """A project that is ready to be shown.

    Attributes:
        project: the project.
        path: its file, or None for a bare clip.
        trouble: why its clip cannot be shown, or None.
        restored: whether it is unsaved work of an earlier run.
    """

    project: Project
    path: Path | None = None
    trouble: MediaError | None = None
    restored: bool = False


def is_project(path: Path) -> bool:
    """Whether a path names a Wisp project rather than a clip."""
    return path.suffix.casefold() == storage.SUFFIX


def opening_clip(maker: PictureMaker, path: Path, settings: Settings) -> Work:
    """Work that opens a clip as a new project and yields `Opened`."""

    def work(_token: CancelToken) -> Iterator[object]:
        yield Opened(Project(clip=maker.open(str(path.absolute())), settings=settings))

    return work


def opening_demo(maker: PictureMaker, settings: Settings) -> Work:
    """Work that opens the bundled clip with its prompts and yields `Opened`."""

    def work(_token: CancelToken) -> Iterator[object]:
        clip = maker.open(str(resource_path(DEMO_CLIP)))
        project = Project(clip=clip, settings=settings)
        yield Opened(read_prompts(resource_path(DEMO_PROMPTS), project))

    return work


def opening_project(maker: PictureMaker, path: Path, *, restored: bool = False) -> Work:
    """Work that reads a project file and opens its clip; a missing clip is no reason to fail."""

    def work(_token: CancelToken) -> Iterator[object]:
        project = storage.load(path)
        clip, trouble = project.clip, None
        if clip is not None:
            try:
                clip = _same(clip, maker.open(clip.path))
            except MediaError as error:
                trouble = error.with_traceback(None)
        file = None if restored else path
        yield Opened(replace(project, clip=clip), file, trouble, restored)

    return work


def _same(known: Clip, found: Clip) -> Clip:
    if found.fingerprint != known.fingerprint:
        raise MediaError(
            f"{known.path} is not the clip that the project was made with; "
            "put that one back, or open it from where it is now."
        )
    return found
