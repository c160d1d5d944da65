from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matting_core.results.recipes import MatteKey
from matting_core.results.store import MatteCache
from matting_core.types import FrameRange, Matte, Segmentation, TrackState
from tests.core.factories import ONE, a_matte, lost
from tests.tables import table

KEY = MatteKey(ONE, 3, "0123abcd")
SEGMENTATION = Segmentation(
    np.random.default_rng(1).normal(0, 8, (16, 24)).astype(np.float16), 1 / 3, TrackState.LOST
)


def _cached(folder: Path) -> MatteCache:
    cache = MatteCache(folder)
    cache.put_matte(KEY, a_matte())
    cache.put_segmentation(KEY, SEGMENTATION)
    return cache


def test_nothing_is_there_at_first() -> None:
    cache = MatteCache()
    assert not cache.has_matte(KEY)
    assert not cache.has_segmentation(KEY)
    assert cache.get_matte(KEY) is None
    assert cache.get_segmentation(KEY) is None


def test_segmentations_come_back_exactly_from_another_cache(tmp_path: Path) -> None:
    _cached(tmp_path)
    found = MatteCache(tmp_path).get_segmentation(KEY)
    assert found.logits.dtype == np.float16
    assert np.array_equal(found.logits, SEGMENTATION.logits)
    assert found.confidence == SEGMENTATION.confidence
    assert found.state is TrackState.LOST


def test_alpha_keeps_sixteen_bits_and_the_rest_eight(tmp_path: Path) -> None:
    _cached(tmp_path)
    found, wanted = MatteCache(tmp_path).get_matte(KEY), a_matte()
    assert found.alpha.dtype == np.float32
    assert np.abs(found.alpha - wanted.alpha).max() <= 0.501 / 65535
    assert np.abs(found.roi - wanted.roi).max() <= 0.501 / 255
    assert np.abs(found.confidence - wanted.confidence).max() <= 0.501 / 255


def test_memory_and_disk_give_the_same(tmp_path: Path) -> None:
    from_memory, from_disk = _cached(tmp_path).get_matte(KEY), MatteCache(tmp_path).get_matte(KEY)
    for part in ("alpha", "roi", "confidence"):
        assert np.array_equal(getattr(from_memory, part), getattr(from_disk, part))


def test_what_was_read_back_is_stored_again_without_loss() -> None:
    cache = MatteCache()
    cache.put_matte(KEY, a_matte())
    once = cache.get_matte(KEY)
    cache.put_matte(KEY, once)
    assert np.array_equal(cache.get_matte(KEY).alpha, once.alpha)


@table(
    "other",
    [MatteKey(ONE, 4, KEY.digest), MatteKey(2, 3, KEY.digest), MatteKey(ONE, 3, "0123abce")],
)
def test_other_keys_are_other_results(tmp_path: Path, other) -> None:
    cache = _cached(tmp_path)
    assert cache.has_matte(KEY)
    assert cache.has_segmentation(KEY)
    assert not cache.has_matte(other)
    assert not cache.has_segmentation(other)


def test_matte_and_segmentation_of_one_key_are_apart() -> None:
    cache = MatteCache()
    cache.put_matte(KEY, a_matte())
    assert cache.get_segmentation(KEY) is None


def test_disk_is_bounded(tmp_path: Path) -> None:
    _cached(tmp_path / "one")
    size = sum(p.stat().st_size for p in (tmp_path / "one").rglob("*") if p.is_file())
    cache = MatteCache(tmp_path / "two", disk_limit=3 * size)
    for frame in range(8):
        cache.put_matte(MatteKey(ONE, frame, KEY.digest), a_matte(frame))
    files = [p for p in (tmp_path / "two").rglob("*") if p.is_file()]
    assert 1 < len(files) < 8
    assert sum(p.stat().st_size for p in files) <= 3 * size


def test_clearing_frees_the_disk(tmp_path: Path) -> None:
    cache = _cached(tmp_path)
    size = sum(p.stat().st_size for p in tmp_path.rglob("*") if p.is_file())
    assert cache.disk_bytes == size
    assert cache.clear() == size
    assert cache.disk_bytes == 0
    assert not cache.has_matte(KEY)


def _damaged(folder: Path, change) -> MatteCache:
    _cached(folder)
    for path in folder.rglob("*.blob"):
        path.write_bytes(change(path.read_bytes()))
    return MatteCache(folder)


@table(
    "change",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: b"x" * len(data),
        lambda data: data[:-1],
        lambda data: data + b"more",
    ],
)
def test_damaged_files_are_misses_and_go(tmp_path: Path, change) -> None:
    cache = _damaged(tmp_path, change)
    assert cache.get_matte(KEY) is None
    assert cache.get_segmentation(KEY) is None
    assert not cache.has_matte(KEY)
    assert not list(tmp_path.rglob("*.blob"))


@given(place=st.floats(0, 0.9999), flip=st.integers(1, 255))
def test_any_changed_byte_is_a_miss(tmp_path_factory, place, flip) -> None:
    def change(data: bytes) -> bytes:
        at = int(place * len(data))
        return data[:at] + bytes([data[at] ^ flip]) + data[at + 1 :]

    cache = _damaged(tmp_path_factory.mktemp("cache"), change)
    assert cache.get_matte(KEY) is None
    assert cache.get_segmentation(KEY) is None


def test_a_damaged_entry_can_be_stored_again(tmp_path: Path) -> None:
    cache = _damaged(tmp_path, lambda data: data[:40])
    assert cache.get_matte(KEY) is None
    cache.put_matte(KEY, a_matte())
    assert isinstance(MatteCache(tmp_path).get_matte(KEY), Matte)


def _stored(cache: MatteCache) -> list[int]:
    return [frame for span, _ in cache.frames(ONE, KEY.digest) for frame in span]


def test_the_frames_of_a_recipe_follow_what_is_stored(tmp_path: Path) -> None:
    cache = MatteCache(tmp_path)
    for frame in (3, 4, 7):
        cache.put_matte(MatteKey(ONE, frame, KEY.digest), a_matte(frame))
    cache.put_segmentation(MatteKey(ONE, 5, KEY.digest), lost((4, 4)))
    assert cache.frames(ONE, KEY.digest).spans == (FrameRange(3, 5), FrameRange(7, 8))
    assert cache.frames(ONE, KEY.digest, "mask").spans == (FrameRange(5, 6),)
    assert cache.frames(2, KEY.digest).spans == cache.frames(ONE, "0123abce").spans == ()
    before = cache.revision(ONE), cache.revision(2)
    assert _stored(MatteCache(tmp_path)) == [3, 4, 7]
    cache.clear()
    assert _stored(cache) == []
    assert cache.revision(ONE) != before[0]
    assert cache.revision(2) == before[1]


def test_the_frames_of_a_recipe_follow_the_limits_and_damage(tmp_path: Path) -> None:
    full = MatteCache(memory_limit=40_000)
    for frame in range(12):
        full.put_matte(MatteKey(ONE, frame, KEY.digest), a_matte(frame))
        there = [f for f in range(12) if full.has_matte(MatteKey(ONE, f, KEY.digest))]
        assert _stored(full) == there
    assert full.evicted
    damaged = _damaged(tmp_path, lambda data: data[:-1])
    assert _stored(damaged) == [KEY.frame]
    assert damaged.get_matte(KEY) is None
    assert _stored(damaged) == []
