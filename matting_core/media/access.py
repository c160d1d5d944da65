"""Access checks that say why a file cannot be read, before a library says less."""

from __future__ import annotations

from pathlib import Path

from matting_core.errors import MediaError


def check_readable(path: Path) -> None:
    """Refuse a file that is missing, closed to us, or empty.

    Raises:
        MediaError: the file is missing, closed to us, or empty.
    """
    try:
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except FileNotFoundError as error:
        raise MediaError(f"{path} does not exist; check the name.") from error
    except OSError as error:
        raise MediaError(f"{path} may not be read; check its permissions.") from error
    if size == 0:
        raise MediaError(f"{path} is empty; save or copy it again.")
