"""Options that an editor starts with, and those that the user has chosen."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from app.shell.settings import UserSettings
from matting_core.document.project import Settings
from matting_core.files import cache_folder
from matting_core.types import DeviceChoice

_MATTES = "wisp-mattes"


@dataclass(frozen=True, slots=True)
class EditorOptions:
    """Options that an editor starts with.

    Attributes:
        settings: models and quality of new projects.
        device: where models run.
        folder: where derived results and unsaved work are kept.
        follow: whether the playhead goes along with a track.
        mattes: where mattes are kept, or None for below `folder`.
        cache_limit: bytes of mattes on disk.
    """

    settings: Settings = field(default_factory=Settings)
    device: DeviceChoice = DeviceChoice.AUTO
    folder: Path = field(default_factory=cache_folder)
    follow: bool = True
    mattes: Path | None = None
    cache_limit: int = 4 << 30


def read_options(user: UserSettings) -> EditorOptions:
    """The options that the user has chosen."""
    return EditorOptions(
        settings=user.models(Settings()),
        device=user.device,
        follow=user.follow,
        mattes=mattes_folder(user),
        cache_limit=user.cache_gigabytes << 30,
    )


def mattes_folder(user: UserSettings) -> Path | None:
    """The folder chosen for mattes, or None for the usual one; `WISP_CACHE` goes before it."""
    if user.cache_folder is None or os.environ.get("WISP_CACHE"):
        return None
    return user.cache_folder / _MATTES
