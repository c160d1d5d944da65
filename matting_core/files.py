"""Files: written whole or not at all, and the folders that Wisp keeps its own in."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from matting_core.errors import make_write_error


def hash_file(path: Path) -> str:
    """Hash a file's contents, SHA-256 in hex.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_bytes_atomically(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write `data` under a temporary name beside `path`, then rename.

    Args:
        path: the final name.
        data: the whole contents.
        durable: wait until the disk has it, so that a power cut cannot lose it either; results
            that can be computed again do not need that.

    Raises:
        ExportError: it cannot be written; `path` is as it was and nothing is left behind.
    """
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        raise make_write_error(error, path) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


@contextmanager
def make_sibling(path: Path) -> Iterator[Path]:
    """Make a temporary file beside `path`, to be renamed to it; removed if it is left there.

    For contents too large for `write_bytes_atomically`; the caller renames.

    Raises:
        OSError: it cannot be made.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        temporary.chmod(0o666 & ~_umask())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder and its parents.

    Raises:
        ExportError: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise make_write_error(error, path) from error


def cache_folder() -> Path:
    """Folder of derived results; `WISP_CACHE` overrides the system's choice."""
    return Path(os.environ.get("WISP_CACHE") or platformdirs.user_cache_dir("wisp", False))


def models_folder() -> Path:
    """Folder of models that the user adds; `WISP_MODELS` overrides the system's choice."""
    chosen = os.environ.get("WISP_MODELS")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("wisp", False)) / "models"


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
