"""Mattes that were read once are not unpacked again while they are current."""

import numpy as np
import pytest

from matting_core.document.finishing import Finishing, FinishingValues, Parameter
from matting_core.document.tracks import Track
from matting_core.results.recipes import MatteKey
from matting_core.results.service import ResultService
from matting_core.results.store import MatteCache
from matting_core.types import Matte, ObjectId


def key(frame):
    return MatteKey(ObjectId(1), frame, "d" * 32)


@pytest.fixture
def cache():
    cache = MatteCache()
    for frame in range(4):
        plane = np.full((10, 10), frame / 4, np.float32)
        cache.put_matte(key(frame), Matte(plane, plane, plane))
    return cache


@pytest.fixture
def unpacked(cache, monkeypatch):
    """The frames whose mattes were unpacked."""
    frames, real = [], cache.get_matte
    monkeypatch.setattr(cache, "get_matte", lambda k: frames.append(k.frame) or real(k))
    return frames


def test_a_matte_is_unpacked_once(cache, unpacked):
    mattes = ResultService(cache, 1 << 20)
    assert mattes.read(key(2)) is mattes.read(key(2))
    assert mattes.read(key(2)).alpha[0, 0] == pytest.approx(0.5, abs=0.001)
    assert unpacked == [2]


def test_only_the_last_ones_are_kept(cache, unpacked):
    mattes = ResultService(cache, 2 * 3 * 400)
    for frame in (0, 1, 0, 2, 0, 1):
        mattes.read(key(frame))
    assert unpacked == [0, 1, 2, 1]


def test_what_is_not_in_the_cache_any_more_is_not_shown(cache, monkeypatch):
    mattes = ResultService(cache, 1 << 20)
    mattes.read(key(0))
    monkeypatch.setattr(cache, "has_matte", lambda _key: False)
    assert mattes.read(key(0)) is None
    assert mattes.read(None) is None


def test_a_moving_slider_reads_its_matte_once(cache, unpacked):
    mattes = ResultService(cache, 1 << 20)
    for value in (0.1, 0.2, 0.3, 0.2):
        values = Finishing().with_track(Parameter.BLACK, Track(value)).values_on(0)
        expected = (0.5 - value) / (1 - value)
        assert mattes.read(key(2), values).alpha[0, 0] == pytest.approx(expected, abs=1e-4)
    assert unpacked == [2]
    assert mattes.read(key(9), FinishingValues()) is None


def test_what_was_released_is_unpacked_again(cache, unpacked):
    mattes = ResultService(cache, 1 << 20)
    mattes.read(key(2))
    mattes.release()
    mattes.read(key(2))
    assert unpacked == [2, 2]
