"""Download of a published checkpoint, continued where an earlier try stopped, and its import."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from matting_core.errors import WeightsError
from matting_core.files import hash_file
from matting_core.jobs import CancelToken, Progress
from matting_core.models.catalogue import Download, Weights
from matting_core.models.files import store
from matting_core.models.files.importing import ImportResult, import_file

_PIECE = 1 << 18
_PATIENCE = 10.0
_PARTIAL, _BEYOND = 206, 416
_MEGABYTE = 1_000_000
_AGENT = "wisp-matting"


def download(entry: Weights, token: CancelToken) -> Iterator[Progress | ImportResult]:
    """Fetch a catalogue entry's file, check it, and install it; yields `ImportResult` last.

    What has come is kept when it stops half-way, and the next call goes on from there. The fetched
    file is dropped once it is installed.

    Raises:
        WeightsError: it is not offered, cannot be reached, stopped, is not the published file, or
            cannot be written.
        CancelledError: the user cancelled.
    """
    if entry.download is None:
        raise WeightsError(
            f"'{entry.id}' is not offered for download; get its file and import it with "
            "`wisp models import FILE`."
        )
    part = store.partial_path(entry)
    come = min(_length(part), entry.download.size)
    store.make_room(2 * entry.download.size - come)
    try:
        yield from _fetch(entry.id, entry.download, part, token)
        _check(entry.download, part)
    except OSError as error:
        raise store.make_store_error(error) from error
    yield from import_file(part, entry.download.address)
    part.unlink(missing_ok=True)


def _fetch(
    name: str, offer: Download, part: Path, token: CancelToken
) -> Iterator[Progress | ImportResult]:
    here = _length(part)
    if here > offer.size:
        part.unlink()
        here = 0
    if here == offer.size:
        return
    response = _open_response(offer, here)
    with response:
        if response.status != _PARTIAL:
            here = 0  # the server sends it all again
        pace = _DownloadPace(f"Downloading {name} (MB)", here, offer.size)
        yield pace.at(here)
        with part.open("ab" if here else "wb") as file:
            for piece in _read_pieces(response, offer, token):
                file.write(piece)
                here += len(piece)
                yield pace.at(here)
    if here < offer.size:
        raise _make_stopped_error(offer, here)


def _length(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _open_response(offer: Download, start: int) -> http.client.HTTPResponse:
    headers = {"User-Agent": _AGENT} | ({"Range": f"bytes={start}-"} if start else {})
    request = urllib.request.Request(offer.address, headers=headers)
    try:
        response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=_PATIENCE)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == _BEYOND and start:
            return _open_response(offer, 0)
        raise WeightsError(
            f"The server answered {error.code} for {offer.address}; fetch it by hand and run "
            "`wisp models import FILE`."
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise WeightsError(
            f"There is no connection to {request.host}; fetch {offer.address} elsewhere and run "
            "`wisp models import FILE`, which works offline."
        ) from error
    return response


def _read_pieces(response: IO[bytes], offer: Download, token: CancelToken) -> Iterator[bytes]:
    while True:
        token.check()
        try:
            piece = response.read(_PIECE)
        except (OSError, http.client.HTTPException):
            return  # what is missing is noticed by its length
        if not piece:
            return
        yield piece


def _make_stopped_error(offer: Download, here: int) -> WeightsError:
    return WeightsError(
        f"The download stopped at {here / _MEGABYTE:.0f} of {offer.size / _MEGABYTE:.0f} MB; start "
        "it again to go on from there."
    )


def _check(offer: Download, part: Path) -> None:
    if part.stat().st_size != offer.size or hash_file(part) != offer.sha256:
        part.unlink()
        raise WeightsError(
            f"What {offer.address} sent is not the published file and was dropped; try it later."
        )


class _DownloadPace:
    """Progress in megabytes, with the time left at the mean speed so far."""

    def __init__(self, stage: str, start: int, size: int) -> None:
        self._stage, self._start, self._size = stage, start, size
        self._began = time.monotonic()

    def at(self, here: int) -> Progress:
        """Progress when so many bytes are there."""
        spent, come = time.monotonic() - self._began, here - self._start
        left = spent / come * (self._size - here) if come else None
        total = -(-self._size // _MEGABYTE)
        return Progress(self._stage, here * total // self._size, total, left)
