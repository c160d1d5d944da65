"""Upgrades of project files, one step per version, applied in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from matting_core.errors import ProjectFileError

CURRENT_VERSION = 2
Record = dict[str, Any]
Migration = Callable[[Record], Record]

_NEW_IN_2: Record = {
    "locked": False,
    "kept": None,
    "finishing": {"tracks": {}, "shapes": []},
    "held": [],
    "absent": [],
    "strokes": [],
}
"""Keys of every object since format 2."""


def _to_2(record: Record) -> Record:
    objects = [{**_NEW_IN_2, **obj} for obj in record["objects"]]
    return {**record, "share_alpha": False, "objects": objects}


MIGRATIONS: Mapping[int, Migration] = {1: _to_2}
"""Step for each version: turns a record of that version into one of the next."""


def upgrade(
    record: Record,
    migrations: Mapping[int, Migration] = MIGRATIONS,
    current: int = CURRENT_VERSION,
) -> Record:
    """Return `record` as the current version writes it.

    Raises:
        ProjectFileError: the record has no version, is newer than this Wisp, or no step is known.
    """
    version = record.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ProjectFileError("This is not a Wisp project: its version is missing.")
    if version > current:
        raise ProjectFileError(
            f"This project was saved by a newer Wisp (format {version}, this one reads up to "
            f"{current}); update Wisp to open it."
        )
    while version < current:
        step = migrations.get(version)
        if step is None:
            raise ProjectFileError(f"Projects of format {version} cannot be read any more.")
        version += 1
        record = {**step(record), "version": version}
    return record
