from __future__ import annotations

import weakref
from functools import cache

import pytest
import torch

from matting_core.errors import InputError, OutOfMemoryError
from matting_core.models import devices
from matting_core.models.devices import (
    clear_on_drop,
    describe_device,
    drop_networks,
    half_precision,
    has_bfloat16,
    memory_guard,
)
from matting_core.types import DeviceChoice
from tests.tables import table

CPU, CUDA, MPS = (torch.device(name) for name in ("cpu", "cuda:0", "mps"))


@table(
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


@table("expected", [False, True])
def test_a_gpu_must_compute_in_it_itself(monkeypatch, expected) -> None:
    def supported(including_emulation: bool = True) -> bool:
        return expected or including_emulation

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", supported)
    assert has_bfloat16(torch.device("cuda")) is expected


def test_apple_gpus_compute_in_float32() -> None:
    assert not has_bfloat16(torch.device("mps"))


@table(("found", "dtype"), [(True, torch.bfloat16), (False, torch.float32)])
def test_half_precision_is_bfloat16_where_the_device_has_it(monkeypatch, found, dtype) -> None:
    monkeypatch.setattr(devices, "has_bfloat16", lambda device: found and device is CPU)
    network, ones = torch.nn.Linear(2, 2), torch.ones(1, 2)
    with half_precision(CPU):
        assert network(ones).dtype is dtype
    assert network(ones).dtype is torch.float32


def test_half_precision_is_for_the_device_that_was_named(monkeypatch) -> None:
    monkeypatch.setattr(devices, "has_bfloat16", lambda _device: True)
    assert half_precision(MPS).device == "mps"


@table(("threads", "said"), [(1, "CPU (1 thread)"), (2, "CPU (2 threads)")])
def test_a_cpu_is_described_by_its_threads(monkeypatch, threads, said) -> None:
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    assert describe_device(DeviceChoice.CPU) == said


FULL = [
    (CUDA, torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB."), "cuda:0"),
    (CUDA, RuntimeError("CUDA error: out of memory"), "cuda:0"),
    (CUDA, RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"), "cuda:0"),
    (MPS, RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"), "mps"),
    (
        CPU,
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 9 bytes"),
        "cpu",
    ),
    (CPU, RuntimeError("[enforce fail] DefaultCPUAllocator: not enough memory: 9 bytes"), "cpu"),
    (CUDA, RuntimeError("[enforce fail] DefaultCPUAllocator: not enough memory: 9 bytes"), "cpu"),
    (CUDA, MemoryError(), "cpu"),
    (DeviceChoice.CPU, RuntimeError("out of memory"), "cpu"),
]


@pytest.fixture
def nothing_is_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of the sentences alone: a search for garbage takes half a second among networks."""
    monkeypatch.setattr(devices, "free_memory", lambda: None)


@pytest.mark.usefixtures("nothing_is_freed")
@table(("device", "error", "whose"), FULL)
def test_a_full_memory_is_one_error_that_names_the_device(device, error, whose) -> None:
    with (
        pytest.raises(
            OutOfMemoryError, match=rf"^{whose} is out of memory at input 8; choose"
        ) as caught,
        memory_guard(device, "at input 8", "quality 'fast'"),
    ):
        raise error
    assert caught.value.device == torch.device(whose).type


@pytest.mark.usefixtures("nothing_is_freed")
@table(
    ("device", "remedies", "said"),
    [
        (CUDA, ("a", "b"), "cuda:0 is out of memory here; choose a or b or the device 'cpu'."),
        (CUDA, (), "cuda:0 is out of memory here; choose the device 'cpu'."),
        (CPU, ("a",), "cpu is out of memory here; choose a, or close other programs."),
        (CPU, (), "cpu is out of memory here; close other programs."),
    ],
)
def test_the_sentence_says_what_may_help(device, remedies, said) -> None:
    with pytest.raises(OutOfMemoryError) as caught, memory_guard(device, "here", *remedies):
        raise RuntimeError("out of memory")
    assert str(caught.value) == said


def test_a_real_allocation_that_cannot_be_is_recognised() -> None:
    with pytest.raises(OutOfMemoryError), memory_guard(CPU, "here"):
        torch.empty(1 << 55, dtype=torch.uint8)


@table("error", [RuntimeError("shapes differ"), InputError("no prompts")])
def test_other_errors_pass_as_they_are(error) -> None:
    with pytest.raises(type(error)) as caught, memory_guard(CUDA, "here"):
        raise error
    assert caught.value is error


def test_the_innermost_guard_speaks() -> None:
    with (
        pytest.raises(OutOfMemoryError, match="inside"),
        memory_guard(CPU, "outside"),
        memory_guard(CPU, "inside"),
    ):
        raise MemoryError


def test_what_filled_the_memory_is_let_go_while_the_error_lives() -> None:
    held = []

    def fill() -> None:
        big = torch.zeros(8)
        held.append(weakref.ref(big))
        raise RuntimeError("MPS backend out of memory")

    with pytest.raises(OutOfMemoryError) as caught, memory_guard(MPS, "here"):
        fill()
    assert held[0]() is None
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_unused_memory_goes_back_to_the_gpus(monkeypatch) -> None:
    emptied = []
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    for kind in ("cuda", "mps"):
        module = getattr(torch, kind)
        monkeypatch.setattr(module, "empty_cache", lambda kind=kind: emptied.append(kind))
    with pytest.raises(OutOfMemoryError), memory_guard(MPS, "here"):
        raise MemoryError
    assert emptied == ["cuda", "mps"]


def test_networks_are_kept_until_they_are_dropped(monkeypatch) -> None:
    monkeypatch.setattr(devices, "_clear_caches", [])

    @clear_on_drop
    @cache
    def build(_name: str) -> torch.nn.Module:
        return torch.nn.Linear(1, 1)

    kept = weakref.ref(build("some"))
    assert build("some") is kept()
    drop_networks()
    assert kept() is None
