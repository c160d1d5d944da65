"""Damage of weights files that is known without reading them through."""

from __future__ import annotations

import logging
from pathlib import Path

from matting_core.errors import ExportError, WeightsError
from matting_core.files import cache_folder, make_folder, write_bytes_atomically
from matting_core.models.catalogue import Weights
from matting_core.models.files.notes import read_note

_log = logging.getLogger(__name__)


def is_known_damaged(weights: Weights) -> bool:
    """Whether a file that is there is known not to be the one that was installed.

    Its size is another, its note cannot be read, or a check has found other contents in it. A file
    without a note was never installed whole, and is not damaged but missing.
    """
    try:
        size = weights.path.stat().st_size
        expected = weights.size if weights.shipped else read_note(weights.path).size
    except OSError:
        return False
    except WeightsError:
        return True
    return size != expected or _found_damaged(weights)


def keep_check_result(weights: Weights, *, whole: bool) -> None:
    """Keep the result of a check of a file's contents, until the file is another one.

    Where it cannot be kept, the next check finds the same.
    """
    mark = _damage_path(weights)
    try:
        if not whole:
            make_folder(mark.parent)
            write_bytes_atomically(mark, _identity(weights.path).encode(), durable=False)
        elif mark.exists():
            mark.unlink()
    except (ExportError, OSError) as error:
        _log.info("What was found of '%s' is not kept: %s", weights.id, error)


def _found_damaged(weights: Weights) -> bool:
    try:
        return _damage_path(weights).read_text(encoding="utf-8") == _identity(weights.path)
    except (OSError, ValueError):
        return False


def _identity(path: Path) -> str:
    """Identity of a file, which changes when the file is replaced or written to."""
    about = path.stat()
    return f"{path} {about.st_size} {about.st_mtime_ns}"


def _damage_path(weights: Weights) -> Path:
    return cache_folder() / "damaged-models" / weights.id
