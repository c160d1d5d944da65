"""Contents of the model files that the user added, for the digests of results."""

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
def hash_contents(weights_ids: tuple[str, ...]) -> tuple[str, ...]:
    """Hash the weights that a model's id and version do not identify already.

    They do for what ships with Wisp and for published files that the catalogue knows. A file that
    was removed counts until another one comes: what it made is as good as before.

    Kept until `forget_contents` is called: when this process installs or removes a file, and when
    it loads one.
    """
    entries = (CATALOGUE.get(weights_id) for weights_id in weights_ids)
    hashes = (_hash(entry) for entry in entries if entry is not None and not entry.shipped)
    return tuple(found for found in hashes if found)


def forget_contents() -> None:
    """Forget the hashes, so that the files are read anew."""
    hash_contents.cache_clear()


def keep_removed_hash(entry: Weights) -> None:
    """Keep the hash of a file that is about to be removed, beside the results.

    Where that cannot be kept, what the file made is stale without it.
    """
    found = _hash(entry)
    try:
        make_folder(_removed_path(entry).parent)
        write_bytes_atomically(_removed_path(entry), found.encode(), durable=False)
    except ExportError as error:
        _log.info("What was in '%s' is not kept: %s", entry.id, error)


def _hash(entry: Weights) -> str:
    """Hash of the present or last file; empty for the published file and for none."""
    try:
        note = read_note(entry.path)
    except (OSError, WeightsError):
        return _read_removed(entry)
    published = entry.download is not None and entry.download.sha256 == note.source_sha256
    return "" if published else note.sha256


def _read_removed(entry: Weights) -> str:
    try:
        return _removed_path(entry).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _removed_path(entry: Weights) -> Path:
    return cache_folder() / "removed-models" / entry.id
