from __future__ import annotations

from matting_core.memory import peak_memory_bytes, resident_bytes


def test_the_peak_is_at_least_what_is_resident() -> None:
    assert 1_000_000 < resident_bytes() <= 1.05 * peak_memory_bytes()
