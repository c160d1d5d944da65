"""A download is checked, goes on where it stopped, and ends as an installed model."""

from __future__ import annotations

import errno
import os
import shutil
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest

from matting_core.errors import CancelledError, WeightsError
from matting_core.files import models_folder
from matting_core.jobs import CancelToken, Progress
from matting_core.models import weights
from matting_core.models.catalogue import CATALOGUE, Download
from matting_core.models.files import downloading, store
from matting_core.models.files.downloading import download
from matting_core.models.files.importing import ImportResult
from matting_core.models.files.notes import read_note
from matting_core.models.files.store import partial_path
from tests.core.models.files.offers import offer, small_file
from tests.core.models.files.server import Site, serving

pytestmark = pytest.mark.usefixtures("small_networks")


@pytest.fixture
def site():
    with serving(Site(small_file())) as found:
        yield found


def _run(entry) -> list[Progress | ImportResult]:
    return list(download(entry, CancelToken()))


def test_a_file_is_fetched_checked_and_installed(site, monkeypatch) -> None:
    entry = offer(monkeypatch, site)
    *steps, last = _run(entry)
    assert last == ImportResult("SAM 2.1 tiny", ("sam2.1-tiny",), None)
    fetched = [step for step in steps if step.stage == "Downloading sam2.1-tiny (MB)"]
    assert [step.done for step in fetched] == sorted(step.done for step in fetched)
    assert fetched[-1].fraction == 1
    assert len(fetched) > 3
    weights.verify(entry)
    note = read_note(entry.path)
    assert (note.source, note.source_sha256) == (site.address, entry.download.sha256)
    assert not partial_path(entry).exists()
    assert site.asked == [None]


def test_an_interrupted_download_goes_on_where_it_stopped(site, monkeypatch) -> None:
    entry = offer(monkeypatch, site)
    site.cut = 400_000
    with pytest.raises(WeightsError, match=r"stopped at 0 of 1 MB; start it again"):
        _run(entry)
    assert partial_path(entry).read_bytes() == site.data[:400_000]
    site.cut = None
    assert isinstance(_run(entry)[-1], ImportResult)
    assert site.asked == [None, "bytes=400000-"]
    weights.verify(entry)


def test_a_cancelled_download_keeps_what_has_come(site, monkeypatch) -> None:
    entry = offer(monkeypatch, site)
    token = CancelToken()
    steps = download(entry, token)
    next(steps)
    next(steps)
    token.cancel()
    with pytest.raises(CancelledError):
        next(steps)
    assert 0 < partial_path(entry).stat().st_size < len(site.data)
    assert not weights.is_installed(entry.id)
    assert isinstance(_run(entry)[-1], ImportResult)
    assert site.asked[1].startswith("bytes=")


def test_a_server_without_ranges_sends_it_all_again(site, monkeypatch) -> None:
    entry = offer(monkeypatch, site)
    site.ranges, site.cut = False, 300_000
    with pytest.raises(WeightsError, match="stopped"):
        _run(entry)
    site.cut = None
    assert isinstance(_run(entry)[-1], ImportResult)
    weights.verify(entry)


def test_a_part_that_is_too_long_is_dropped(site, monkeypatch) -> None:
    entry = offer(monkeypatch, site)
    models_folder().mkdir(parents=True)
    partial_path(entry).write_bytes(b"x" * (len(site.data) + 1))
    assert isinstance(_run(entry)[-1], ImportResult)
    assert site.asked == [None]


def test_a_whole_part_is_not_fetched_again(site, monkeypatch) -> None:
    entry = offer(monkeypatch, site)
    models_folder().mkdir(parents=True)
    partial_path(entry).write_bytes(site.data)
    assert isinstance(_run(entry)[-1], ImportResult)
    assert site.asked == []


def test_a_range_beyond_the_end_starts_anew(site, monkeypatch) -> None:
    whole = site.data
    entry = offer(monkeypatch, site)
    models_folder().mkdir(parents=True)
    partial_path(entry).write_bytes(whole[:-10])
    site.data = whole[:-20]
    with pytest.raises(WeightsError, match="stopped at"):
        _run(entry)
    assert len(site.asked) == 2


def test_another_file_is_refused_and_dropped(site, monkeypatch) -> None:
    data = site.data
    entry = offer(monkeypatch, site, data[:-1] + b"\1")
    with pytest.raises(WeightsError, match="is not the published file and was dropped"):
        _run(entry)
    assert list(models_folder().iterdir()) == []


def test_an_error_of_the_server_is_told_with_the_address(site, monkeypatch) -> None:
    entry = offer(monkeypatch, site)
    site.status = 404
    with pytest.raises(WeightsError, match=r"answered 404 for http.*fetch it by hand") as caught:
        _run(entry)
    assert "wisp models import FILE" in str(caught.value)


def test_offline_one_sentence_gives_the_address_and_the_way_around(site, monkeypatch) -> None:
    entry = offer(monkeypatch, site)
    nowhere = Download("http://127.0.0.1:9/w.pt", entry.download.sha256, entry.download.size)
    with pytest.raises(WeightsError) as caught:
        _run(replace(entry, download=nowhere))
    assert "no connection to 127.0.0.1:9" in str(caught.value)
    assert "fetch http://127.0.0.1:9/w.pt elsewhere" in str(caught.value)
    assert "`wisp models import FILE`, which works offline" in str(caught.value)


def test_a_full_disk_is_one_sentence(site, monkeypatch) -> None:
    def full(_response, _offer, _token):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        yield b""

    entry = offer(monkeypatch, site)
    monkeypatch.setattr(downloading, "_read_pieces", full)
    with pytest.raises(WeightsError, match=r"The disk is full at .*free some space"):
        _run(entry)


def test_room_is_needed_only_for_what_has_not_come(site, monkeypatch) -> None:
    entry = offer(monkeypatch, site)
    size, kept = len(site.data), 900_000
    models_folder().mkdir(parents=True)
    partial_path(entry).write_bytes(site.data[:kept])
    usage = namedtuple("usage", "total used free")
    spare = store._ROOM + 2 * size - kept
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(9, 9, spare - 1))
    with pytest.raises(WeightsError, match="free some space"):
        _run(entry)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(9, 9, spare))
    assert isinstance(_run(entry)[-1], ImportResult)


def test_a_model_that_is_not_offered_says_how_it_comes(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"not offered for download; get its file and import"):
        _run(CATALOGUE["sam2matting-tiny-heads"])
