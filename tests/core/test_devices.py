from __future__ import annotations

import pytest
import torch

from matting_core.devices import has_bfloat16

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"avx512_bf16": True}, True),
        ({"amx_bf16": True, "avx512_bf16": False}, True),
        ({"neon": True, "bf16": True}, True),
        ({"avx2": True, "avx512_f": True, "avx512_bf16": False}, False),
        ({}, False),
    ],
)
def test_a_cpu_has_bfloat16_if_it_says_so(monkeypatch, found, expected) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found, raising=False)
    assert has_bfloat16(CPU) is expected


def test_a_cpu_that_cannot_be_asked_counts_as_without(monkeypatch) -> None:
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert not has_bfloat16(CPU)


@pytest.mark.parametrize("expected", [False, True])
def test_a_gpu_must_compute_in_it_itself(monkeypatch, expected) -> None:
    def supported(including_emulation: bool = True) -> bool:
        return expected or including_emulation

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", supported)
    assert has_bfloat16(torch.device("cuda")) is expected


def test_apple_gpus_compute_in_float32() -> None:
    assert not has_bfloat16(torch.device("mps"))
