from __future__ import annotations

import errno
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from matting_core.errors import make_write_error
from matting_core.results import blobs
from matting_core.results.blobs import BlobStore

MANY = 1 << 30


def _files(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.rglob("*.blob"))


def _set_time(folder: Path, name: str, time: int) -> None:
    os.utime(next(folder.rglob(f"{name}.blob")), (time, time))


def test_a_blob_comes_back(tmp_path: Path) -> None:
    for folder in (None, tmp_path):
        store = BlobStore(folder, MANY, MANY)
        assert "ab" not in store
        assert store.get("ab") is None
        store.put("ab", b"123")
        assert "ab" in store
        assert store.get("ab") == b"123"


def test_a_blob_can_be_replaced(tmp_path: Path) -> None:
    store = BlobStore(tmp_path, MANY, MANY)
    store.put("ab", b"12345")
    store.put("ab", b"1")
    assert (store.memory_bytes, store.disk_bytes) == (1, 1)
    assert BlobStore(tmp_path, MANY, MANY).get("ab") == b"1"


def test_memory_is_bounded_and_the_least_recently_used_goes() -> None:
    store = BlobStore(None, 30, MANY)
    for name in ("aa", "bb", "cc"):
        store.put(name, bytes(10))
    store.get("aa")
    store.put("dd", bytes(10))
    assert store.memory_bytes == 30
    assert [name in store for name in ("aa", "bb", "cc", "dd")] == [True, False, True, True]


def test_disk_is_bounded_and_the_least_recently_used_goes(tmp_path: Path) -> None:
    store = BlobStore(tmp_path, 0, 30)
    for name in ("aa", "bb", "cc"):
        store.put(name, bytes(10))
    assert store.get("aa") == bytes(10)
    store.put("dd", bytes(10))
    assert store.disk_bytes == 30
    assert _files(tmp_path) == ["aa", "cc", "dd"]


def test_a_lower_limit_counts_at_once(tmp_path: Path) -> None:
    store = BlobStore(tmp_path, 0, 30)
    for name in ("aa", "bb", "cc"):
        store.put(name, bytes(10))
    store.limit_disk(15)
    assert _files(tmp_path) == ["cc"]
    assert store.disk_bytes == 10


def test_clearing_forgets_all_and_says_what_it_freed(tmp_path: Path) -> None:
    store = BlobStore(tmp_path, MANY, MANY)
    for name in ("aa", "bb"):
        store.put(name, bytes(10))
    (tmp_path / "other.txt").write_text("not a blob")
    assert store.clear() == 20
    assert (store.memory_bytes, store.disk_bytes) == (0, 0)
    assert store.get("aa") is None
    assert _files(tmp_path) == []
    assert (tmp_path / "other.txt").exists()
    store.put("aa", b"1")
    assert BlobStore(tmp_path, MANY, MANY).get("aa") == b"1"


def test_what_left_the_memory_is_read_from_disk(tmp_path: Path) -> None:
    store = BlobStore(tmp_path, 10, MANY)
    store.put("aa", b"a" * 10)
    store.put("bb", b"b" * 10)
    assert store.memory_bytes == 10
    assert store.get("aa") == b"a" * 10


def test_another_store_on_the_folder_goes_on(tmp_path: Path) -> None:
    first = BlobStore(tmp_path, MANY, MANY)
    for number, name in enumerate(("aa", "bb", "cc")):
        first.put(name, bytes(10))
        _set_time(tmp_path, name, number)
    second = BlobStore(tmp_path, MANY, 30)
    assert second.disk_bytes == 30
    assert second.memory_bytes == 0
    assert second.get("aa") == bytes(10)
    second.put("dd", bytes(10))
    assert _files(tmp_path) == ["aa", "cc", "dd"]


def test_the_order_of_use_outlives_the_store(tmp_path: Path) -> None:
    first = BlobStore(tmp_path, 0, MANY)
    for number, name in enumerate(("aa", "bb", "cc")):
        first.put(name, bytes(10))
        _set_time(tmp_path, name, number)
    first.get("aa")
    BlobStore(tmp_path, 0, 20).put("dd", bytes(10))
    assert _files(tmp_path) == ["aa", "dd"]


def test_discarded_blobs_are_gone_from_disk_too(tmp_path: Path) -> None:
    store = BlobStore(tmp_path, MANY, MANY)
    store.put("aa", b"x")
    store.discard("aa")
    store.discard("never there")
    assert "aa" not in store
    assert _files(tmp_path) == []
    assert (store.memory_bytes, store.disk_bytes) == (0, 0)


def test_a_file_deleted_behind_its_back_is_a_miss(tmp_path: Path) -> None:
    store = BlobStore(tmp_path, 0, MANY)
    store.put("aa", b"x")
    store.put("bb", b"y")
    next(tmp_path.rglob("aa.blob")).unlink()
    assert store.get("aa") is None
    assert "aa" not in store
    assert store.disk_bytes == 1


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_refuses_leaves_the_memory(tmp_path, monkeypatch, caplog, code) -> None:
    def refuse(path, _data, **_options) -> None:
        raise make_write_error(OSError(code, os.strerror(code)), path)

    monkeypatch.setattr(blobs, "write_bytes_atomically", refuse)
    store = BlobStore(tmp_path, MANY, MANY)
    with caplog.at_level(logging.INFO):
        for name in ("aa", "bb"):
            store.put(name, b"x")
    assert store.get("aa") == store.get("bb") == b"x"
    assert store.disk_bytes == 0
    assert len([r for r in caplog.records if "memory only" in r.getMessage()]) == 1


def test_a_folder_that_cannot_be_made_leaves_the_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    store = BlobStore(tmp_path / "file", MANY, MANY)
    store.put("aa", b"x")
    assert store.get("aa") == b"x"


def test_many_threads_may_use_one_store(tmp_path: Path) -> None:
    store = BlobStore(tmp_path, 40, 80)
    names = [f"{number:02d}" for number in range(20)]

    def work(seed: int) -> None:
        for step in range(60):
            name = names[(seed * 7 + step * (seed + 1)) % len(names)]
            if step % 3 == 0:
                store.put(name, name.encode() * 5)
            elif step % 17 == 1:
                store.discard(name)
            else:
                assert store.get(name) in (None, name.encode() * 5)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert store.memory_bytes <= 40
    assert store.disk_bytes <= 80
    store.put("end", b"1234567890")
    left = BlobStore(tmp_path, 40, 80)
    assert all(left.get(name) in (None, name.encode() * 5) for name in names)


def test_a_blob_dropped_while_it_is_read_is_no_error(tmp_path: Path, monkeypatch) -> None:
    store = BlobStore(tmp_path, 0, MANY)
    store.put("aa", b"x")
    store.put("bb", b"y")

    def utime_after_another_thread_discarded(_path) -> None:
        store.discard("aa")

    monkeypatch.setattr(blobs.os, "utime", utime_after_another_thread_discarded)
    assert store.get("aa") == b"x"


def test_what_the_limit_makes_go_is_counted_once_it_cannot_be_read(tmp_path: Path) -> None:
    store = BlobStore(tmp_path, 10, 20)
    for name in ("aa", "bb", "cc"):
        store.put(name, bytes(10))
    assert store.evicted == 1
    memory = BlobStore(None, 20, MANY)
    for name in ("aa", "bb", "cc"):
        memory.put(name, bytes(10))
    assert memory.evicted == 1
    still = BlobStore(tmp_path / "still", MANY, 10)
    for name in ("aa", "bb"):
        still.put(name, bytes(10))
    assert (still.evicted, still.get("aa")) == (0, bytes(10))


def test_protected_blobs_outlive_the_limits_and_clearing(tmp_path: Path) -> None:
    store = BlobStore(tmp_path, 0, 20)
    store.protect({"aa", "bb"})
    for name in ("aa", "bb", "cc", "dd"):
        store.put(name, bytes(10))
    assert _files(tmp_path) == ["aa", "bb", "dd"]
    store.limit_disk(1)
    assert _files(tmp_path) == ["aa", "bb", "dd"]
    assert store.clear() == 10
    assert [name in store for name in ("aa", "bb", "dd")] == [True, True, False]
    assert store.disk_bytes == 20
    store.protect(())
    store.limit_disk(1)
    assert _files(tmp_path) == ["bb"]


def test_protected_blobs_stay_in_memory_where_the_disk_has_them_not() -> None:
    store = BlobStore(None, 20, MANY)
    store.protect({"aa"})
    for name in ("aa", "bb", "cc"):
        store.put(name, bytes(10))
    assert [name in store for name in ("aa", "bb", "cc")] == [True, False, True]
