"""Choosing where models run; nothing falls back to a slower device without being told."""

from __future__ import annotations

import ctypes
import os
from functools import lru_cache
from typing import TYPE_CHECKING

from matting_core.errors import DeviceError
from matting_core.types import DeviceChoice

if TYPE_CHECKING:
    import torch


def wait_passively() -> None:
    """Let torch's threads sleep while they wait for each other; call before torch is imported.

    By default they spin. With anything else running on the same cores (the window, the closed-form
    solver, another program) spinning made the encoder four times and the decoder twenty times
    slower; sleeping costs nothing measurable on a free machine.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def forbid_nested_threads() -> None:
    """Keep torch from starting threads inside its own parallel regions, on the calling thread.

    Where some other library has allowed nesting, torch's attention starts a thread for each of its
    many small products: the encoder at 1024 pixels took 4 s instead of 1.3 s, and longer the
    longer the process lived. Does nothing where torch does not use GNU OpenMP.
    """
    library = _gnu_openmp()
    if library is not None:
        library.omp_set_max_active_levels(1)


@lru_cache(maxsize=1)
def _gnu_openmp() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL("libgomp.so.1")
    except OSError:
        return None


def choose_device(choice: DeviceChoice) -> torch.device:
    """Return the torch device for a choice.

    Raises:
        DeviceError: the device that was asked for is not there.
    """
    import torch

    has_cuda = torch.cuda.is_available()
    has_mps = torch.backends.mps.is_available()
    if choice is DeviceChoice.AUTO:
        return torch.device("cuda" if has_cuda else "mps" if has_mps else "cpu")
    if choice is DeviceChoice.CUDA and not has_cuda:
        raise DeviceError("There is no CUDA device here; use --device cpu, or auto.")
    if choice is DeviceChoice.MPS and not has_mps:
        raise DeviceError("There is no Apple GPU here; use --device cpu, or auto.")
    return torch.device(choice.value)


def describe_device(choice: DeviceChoice) -> str:
    """Name the device for the status bar, for instance "CPU (2 threads)"."""
    import torch

    device = choose_device(choice)
    if device.type == "cuda":
        return f"CUDA: {torch.cuda.get_device_name(device)}"
    return "Apple GPU" if device.type == "mps" else f"CPU ({torch.get_num_threads()} threads)"


def has_bfloat16(device: torch.device) -> bool:
    """Whether the device computes in bfloat16 itself; where it is emulated, float32 is quicker."""
    import torch

    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type != "cpu" or not hasattr(torch.cpu, "get_capabilities"):
        return False
    found = torch.cpu.get_capabilities()
    return any(found.get(name, False) for name in ("avx512_bf16", "amx_bf16", "avx10_2", "bf16"))
