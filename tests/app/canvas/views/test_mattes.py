"""Mattes that were read once are not unpacked again while they are current."""

import numpy as np
import pytest

from app.canvas.pictures.mattes import ReadMattes
from matting_core.results.recipes import MatteKey
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
    mattes = ReadMattes(cache)
    assert mattes.read(key(2)) is mattes.read(key(2))
    assert mattes.read(key(2)).alpha[0, 0] == pytest.approx(0.5, abs=0.001)
    assert unpacked == [2]


def test_only_the_last_ones_are_kept(cache, unpacked):
    mattes = ReadMattes(cache, limit=2 * 3 * 400)
    for frame in (0, 1, 0, 2, 0, 1):
        mattes.read(key(frame))
    assert unpacked == [0, 1, 2, 1]


def test_what_is_not_in_the_cache_any_more_is_not_shown(cache, monkeypatch):
    mattes = ReadMattes(cache)
    mattes.read(key(0))
    monkeypatch.setattr(cache, "has_matte", lambda _key: False)
    assert mattes.read(key(0)) is None
    assert mattes.read(None) is None
