"""What was used last is kept, and no more."""

from __future__ import annotations

from matting_core.lru import LruCache


def test_the_value_used_longest_ago_goes() -> None:
    kept: LruCache[str, int] = LruCache(2)
    assert kept.put("a", 1) == 1
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (1, None, 3)


def test_a_value_put_again_is_new() -> None:
    kept: LruCache[str, int] = LruCache(2)
    kept.put("a", 1)
    kept.put("b", 2)
    kept.put("a", 4)
    kept.put("c", 3)
    assert (kept.get("a"), kept.get("b")) == (4, None)


def test_a_value_taken_is_gone() -> None:
    kept: LruCache[str, int] = LruCache(2)
    kept.put("a", 1)
    assert (kept.take("a"), kept.take("a"), kept.get("a")) == (1, None, None)
    kept.put("b", 2)
    kept.clear()
    assert kept.get("b") is None
