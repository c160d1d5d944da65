"""Errors that a user may meet: each message is one sentence that says what to do."""

from __future__ import annotations

import errno
import os


class MattingError(Exception):
    """Base of every error whose text may be shown to the user as it stands."""


class InputError(MattingError, ValueError):
    """The user's input does not fit: prompts, ranges, names, options."""


class MediaError(MattingError, OSError):
    """A clip or image is missing, empty, damaged or of a kind that cannot be read."""


class ProjectFileError(MattingError):
    """A project file is damaged, or was written by a newer Wisp."""


class WeightsError(MattingError):
    """A weights file is missing, or its contents are not what the catalogue says."""


class ModelError(MattingError):
    """A model is unknown, defined twice, or could not be built."""


class LicenceError(MattingError):
    """A model's licence forbids commercial use, and the user has not accepted that.

    Attributes:
        weights_ids: the weights under that licence.
    """

    def __init__(self, text: str, weights_ids: tuple[str, ...]) -> None:
        super().__init__(text)
        self.weights_ids = weights_ids


class DeviceError(MattingError):
    """The asked-for device is not there."""


class OutOfMemoryError(MattingError, MemoryError):
    """The device's memory is full; a smaller input may fit.

    Attributes:
        device: the type of that device: "cpu" for the computer's own memory, "cuda" or "mps".
    """

    def __init__(self, text: str, device: str) -> None:
        super().__init__(text)
        self.device = device


class ExportError(MattingError, OSError):
    """Results could not be written."""


class CancelledError(MattingError):
    """The user cancelled; everything done so far is kept."""


def make_write_error(error: OSError, path: str | os.PathLike[str]) -> ExportError:
    """Make the error that says why `path` could not be written, and what to do."""
    if error.errno == errno.ENOSPC:
        return ExportError(f"The disk is full at {path}; free some space and run it again.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return ExportError(f"{path} may not be written; choose another folder.")
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return ExportError(f"{path} is in the way of a folder; choose another name.")
    return ExportError(
        f"{path} could not be written ({error.strerror or error}); choose another folder."
    )
