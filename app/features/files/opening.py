"""What open_path a clip, a project or the demo means; runs on the media lane."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.canvas.pictures.maker import PictureMaker
from app.features.files.clip_search import ClipSearch, search_clip
from app.shell.jobs import Work
from matting_core.document import storage
from matting_core.document.project import Clip, Project, Settings
from matting_core.document.prompt_file import read_prompts
from matting_core.document.summary import ProjectSummary
from matting_core.errors import MediaError
from matting_core.jobs import CancelToken
from matting_core.resources import resource_path
from matting_core.results.latest import LatestRecipes, unpack_latest

DEMO_CLIP = "demo/bigbuckbunny.mp4"
DEMO_PROMPTS = "demo/prompts.json"


@dataclass(frozen=True, slots=True)
class OpenedProject:
    """Project that is ready to be shown.

    Attributes:
        project: the project.
        path: its file, or None for a bare clip.
        trouble: why its clip cannot be shown, or None.
        stand_in: with trouble, a clip of other contents that could take its place, or None.
        unsaved: whether it is newer than its file, or another state than that.
        kept: the unsaved work that it is, if it was kept.
        seen: the mattes that were seen of it last (decision 22).
    """

    project: Project
    path: Path | None = None
    trouble: MediaError | None = None
    stand_in: Clip | None = None
    unsaved: bool = False
    kept: ProjectSummary | None = None
    latest: LatestRecipes = field(default_factory=dict)


def is_project(path: Path) -> bool:
    """Whether a path names a Wisp project rather than a clip, by its name or its contents."""
    return path.suffix.casefold() == storage.SUFFIX or storage.is_project_file(path)


def open_path(maker: PictureMaker, path: Path, settings: Settings) -> Work:
    """Work that opens a project, or a clip as a new project, and yields `OpenedProject`."""

    def work(token: CancelToken) -> Iterator[object]:
        project = is_project(path)
        chosen = open_project(maker, path) if project else open_clip(maker, path, settings)
        yield from chosen(token)

    return work


def open_clip(maker: PictureMaker, path: Path, settings: Settings) -> Work:
    """Work that opens a clip as a new project and yields `OpenedProject`."""

    def work(_token: CancelToken) -> Iterator[object]:
        yield OpenedProject(Project(clip=maker.open(str(path.absolute())), settings=settings))

    return work


def open_demo(maker: PictureMaker, settings: Settings) -> Work:
    """Work that opens the bundled clip with its prompts and yields `OpenedProject`."""

    def work(_token: CancelToken) -> Iterator[object]:
        clip = maker.open(str(resource_path(DEMO_CLIP)))
        project = Project(clip=clip, settings=settings)
        yield OpenedProject(read_prompts(resource_path(DEMO_PROMPTS), project))

    return work


def open_project(
    maker: PictureMaker, path: Path, *, file: Path | None = None, kept: ProjectSummary | None = None
) -> Work:
    """Work that reads a project and opens its clip; a missing clip is no reason to fail.

    Args:
        maker: opens the clip.
        path: where the project is read from.
        file: the file that a backup at `path` is a state of.
        kept: the unsaved work that `path` holds.
    """

    def work(_token: CancelToken) -> Iterator[object]:
        home = None if file is None else file.absolute().parent
        project = storage.load(path, home)
        search = ClipSearch(project.clip)
        if project.clip is not None:
            search = search_clip(maker, project.clip, storage.clip_places(path, home))
        own = path if kept is None else _still_older(kept)
        yield OpenedProject(
            replace(project, clip=search.clip),
            file or own,
            search.trouble,
            search.stand_in,
            unsaved=file is not None or kept is not None,
            kept=kept,
            latest=unpack_latest(storage.read_notes(path), project),
        )

    return work


def _still_older(kept: ProjectSummary) -> Path | None:
    """The file that unsaved work belongs to, unless that is gone or was saved later."""
    if kept.file is None:
        return None
    try:
        return kept.file if kept.file.stat().st_mtime <= kept.saved else None
    except OSError:
        return None
