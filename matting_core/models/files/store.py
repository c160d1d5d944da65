"""Store of the models folder: files are installed whole or not at all, each with a note."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from matting_core.errors import ExportError, WeightsError
from matting_core.files import hash_file, make_folder, make_sibling, models_folder
from matting_core.models import weights
from matting_core.models.catalogue import Weights
from matting_core.models.devices import forget_networks
from matting_core.models.files.contents import forget_contents, keep_removed_hash
from matting_core.models.files.notes import InstallNote, note_path, write_note

if TYPE_CHECKING:
    from torch import Tensor

_SYSTEM_ERROR = re.compile(r"os error (\d+)")
_ROOM = 1 << 20


def make_room(size: int) -> Path:
    """Make the models folder, and see that so many bytes fit.

    Raises:
        WeightsError: it cannot be made, or the disk is too full.
    """
    folder = models_folder()
    try:
        make_folder(folder)
    except ExportError as error:
        raise _unwritable(error.__cause__, folder) from error
    free = shutil.disk_usage(folder).free
    if free < size + _ROOM:
        raise WeightsError(
            f"{folder} has {free / 1e6:.0f} MB free and {size / 1e6:.0f} MB are needed; free some "
            "space, or set WISP_MODELS to another folder."
        )
    return folder


def install(parts: Mapping[str, Mapping[str, Tensor]], source: str, source_sha256: str) -> None:
    """Write tensors as files of the catalogue, each with its note: all of them, or none.

    Args:
        parts: tensors by name, by the id of the weights that they are.
        source: where they come from.
        source_sha256: hash of the file that they come from, hex.

    Raises:
        WeightsError: they cannot be written; what was there before is as it was.
    """
    make_room(sum(tensor.nbytes for tensors in parts.values() for tensor in tensors.values()))
    try:
        with ExitStack() as stack:
            written: list[tuple[Weights, Path]] = []
            for weights_id, tensors in parts.items():
                entry = weights.find(weights_id)
                written.append((entry, stack.enter_context(make_sibling(entry.path))))
                _write(tensors, written[-1][1])
            for entry, temporary in written:
                size = temporary.stat().st_size
                note = InstallNote(hash_file(temporary), size, source, source_sha256, _now())
                note_path(entry.path).unlink(missing_ok=True)
                temporary.replace(entry.path)
                write_note(entry.path, note)
    except OSError as error:
        raise make_store_error(error) from error
    finally:
        _forget()


def _write(tensors: Mapping[str, Tensor], path: Path) -> None:
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    mode = path.stat().st_mode
    try:
        save_file(_copy_shared(tensors), path)
    except SafetensorError as error:
        raise _system_error(error) from error
    path.chmod(mode)  # safetensors puts a file of its own in the place of ours
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def remove(entry: Weights) -> None:
    """Remove an installed file, and what is left of its download.

    Raises:
        WeightsError: it ships with Wisp, is not installed, or cannot be removed.
    """
    if entry.shipped:
        raise WeightsError(f"'{entry.id}' is a part of Wisp and stays; only added models go.")
    if not list_removable([entry]):
        raise WeightsError(f"'{entry.id}' is not installed; there is nothing to remove.")
    keep_removed_hash(entry)
    try:
        for path in (note_path(entry.path), entry.path, partial_path(entry)):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise make_store_error(error) from error
    finally:
        _forget()


def list_removable(entries: Iterable[Weights]) -> tuple[Weights, ...]:
    """List the weights that the user added, wholly or in part."""
    added = (entry for entry in entries if not entry.shipped)
    return tuple(each for each in added if each.path.exists() or partial_path(each).exists())


def count_bytes(entries: Iterable[Weights]) -> int:
    """Count the bytes of removable files on the disk."""
    paths = (path for each in list_removable(entries) for path in (each.path, partial_path(each)))
    return sum(path.stat().st_size for path in paths if path.exists())


def partial_path(entry: Weights) -> Path:
    """Path of an unfinished download."""
    return entry.path.with_suffix(".pt.part")


def make_store_error(error: OSError) -> WeightsError:
    """Make the error that says why the models folder cannot be changed, and what to do."""
    return _unwritable(error, models_folder())


def _forget() -> None:
    """Forget all that was loaded or hashed before."""
    forget_networks()
    forget_contents()


def _unwritable(error: BaseException | None, folder: Path) -> WeightsError:
    cause = error.__cause__ if isinstance(error, ExportError) and error.__cause__ else error
    code = cause.errno if isinstance(cause, OSError) else None
    if code == errno.ENOSPC:
        return WeightsError(f"The disk is full at {folder}; free some space and try again.")
    if code in (errno.EACCES, errno.EPERM, errno.EROFS):
        return WeightsError(f"{folder} may not be written; set WISP_MODELS to another folder.")
    return WeightsError(f"{folder} cannot be used ({cause}); set WISP_MODELS to another folder.")


def _system_error(error: Exception) -> OSError:
    """Make the system's error again, of which safetensors keeps only the text."""
    found = _SYSTEM_ERROR.search(str(error))
    return OSError(int(found.group(1)) if found else 0, str(error))


def _copy_shared(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Copy tensors that share memory, which safetensors refuses."""
    separate = {name: tensor.detach().contiguous() for name, tensor in tensors.items()}
    end = 0
    for name, tensor in sorted(separate.items(), key=lambda item: item[1].data_ptr()):
        start = tensor.data_ptr()
        if start < end:
            separate[name] = tensor.clone()
        end = max(end, start + tensor.nbytes)
    return separate


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
