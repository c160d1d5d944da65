"""What is in the files of models that the user added, for the digests of what they make."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

from matting_core.errors import ExportError, WeightsError
from matting_core.files import cache_folder, make_folder, write_bytes_atomically
from matting_core.models.catalogue import CATALOGUE, Weights
from matting_core.models.files.notes import read_note

_log = logging.getLogger(__name__)


@cache
def contents_of(weights_ids: tuple[str, ...]) -> tuple[str, ...]:
    """Hashes of those weights for which a model's id and version do not stand already.

    They do for what ships with Wisp and for published files that the catalogue knows. A file that
    was removed counts until another one comes: what it made is as good as before.

    Kept until `contents_changed` is called: when this process installs or removes a file, and when
    it loads one.
    """
    entries = (CATALOGUE.get(weights_id) for weights_id in weights_ids)
    hashes = (_hash(entry) for entry in entries if entry is not None and not entry.shipped)
    return tuple(found for found in hashes if found)


def contents_changed() -> None:
    """Look at the files anew the next time."""
    contents_of.cache_clear()


def keep_contents(entry: Weights) -> None:
    """Remember beside the results what is in a file that is about to be removed.

    Where that cannot be kept, what the file made is stale without it.
    """
    found = _hash(entry)
    try:
        make_folder(_kept(entry).parent)
        write_bytes_atomically(_kept(entry), found.encode(), durable=False)
    except ExportError as error:
        _log.info("What was in '%s' is not kept: %s", entry.id, error)


def _hash(entry: Weights) -> str:
    """Hash of the file that is there, or was last; empty for the published one and for none."""
    try:
        note = read_note(entry.path)
    except (OSError, WeightsError):
        return _removed(entry)
    published = entry.download is not None and entry.download.sha256 == note.source_sha256
    return "" if published else note.sha256


def _removed(entry: Weights) -> str:
    try:
        return _kept(entry).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _kept(entry: Weights) -> Path:
    return cache_folder() / "removed-models" / entry.id
