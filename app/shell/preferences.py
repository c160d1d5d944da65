"""What the user prefers, as far as it counts from the start."""

from __future__ import annotations

import os
from pathlib import Path

from app.parts import EditorOptions
from app.shell.settings import UserSettings
from matting_core.document.project import Settings

_MATTES = "wisp-mattes"


def stored_options(user: UserSettings) -> EditorOptions:
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
