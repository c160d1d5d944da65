"""Devices that models run on; nothing falls back to a slower device by itself."""

from __future__ import annotations

import ctypes
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from traceback import clear_frames
from typing import TYPE_CHECKING, Protocol, TypeVar

from matting_core.errors import DeviceError, OutOfMemoryError
from matting_core.types import DeviceChoice

if TYPE_CHECKING:
    import torch

_FULL = (
    "out of memory",
    "not enough memory",
    "can't allocate memory",
    "Cannot allocate memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
)
_FULL_HOST = "DefaultCPUAllocator"
_clear_caches: list[Callable[[], None]] = []


class _Cached(Protocol):
    def cache_clear(self) -> None: ...


CachedT = TypeVar("CachedT", bound=_Cached)


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
    if device.type == "mps":
        return "Apple GPU"
    threads = torch.get_num_threads()
    return f"CPU ({threads} thread{'' if threads == 1 else 's'})"


def has_bfloat16(device: torch.device) -> bool:
    """Whether the device computes in bfloat16 itself; where it is emulated, float32 is quicker."""
    import torch

    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type != "cpu" or not hasattr(torch.cpu, "get_capabilities"):
        return False
    found = torch.cpu.get_capabilities()
    return any(found.get(name, False) for name in ("avx512_bf16", "amx_bf16", "avx10_2", "bf16"))


def half_precision(device: torch.device) -> torch.autocast:
    """Context that computes in bfloat16 where the device is made for it, else in float32."""
    import torch

    return torch.autocast(device.type, torch.bfloat16, enabled=has_bfloat16(device))


@contextmanager
def memory_guard(device: torch.device | DeviceChoice, place: str, *remedies: str) -> Iterator[None]:
    """Turn a full memory inside the block into the error for it, and free what can be freed.

    Args:
        device: where the block computes.
        place: what needs the memory, for instance "at input 1024".
        remedies: what may be chosen instead, for instance "quality 'fast'"; the CPU, or closing
            other programs, is added.

    Raises:
        OutOfMemoryError: the memory of the device, or the computer's, is full.
    """
    full: Exception | None = None
    try:
        yield
    except OutOfMemoryError:  # a guard inside knew more
        raise
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        full = error
    if full is None:
        return
    clear_frames(full.__traceback__)  # their variables hold what filled the memory
    full.__traceback__ = None
    free_memory()
    whose = _find_full_device(full, device)
    raise OutOfMemoryError(_describe_full_memory(whose, place, remedies), whose.type) from full


def clear_on_drop(cached: CachedT) -> CachedT:
    """Register a cache (of `functools`) that holds networks, to be cleared by `drop_networks`."""
    _clear_caches.append(cached.cache_clear)
    return cached


def drop_networks() -> None:
    """Drop all networks that are kept for the next session, and free their memory."""
    forget_networks()
    free_memory()


def forget_networks() -> None:
    """Let the next session load all networks anew: files of weights have changed."""
    for clear in _clear_caches:
        clear()


def free_memory() -> None:
    """Give memory that torch holds and nobody uses back to the devices."""
    import torch

    if gc.isenabled():  # else a window collects, on its own thread (app/shell/garbage.py)
        gc.collect()
    torch.cuda.empty_cache()  # does nothing where CUDA is not in use
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()


def is_out_of_memory(error: Exception) -> bool:
    """Whether an error means that a device's memory, or the computer's, is full."""
    import torch

    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return any(sign in str(error) for sign in _FULL)


def _find_full_device(error: Exception, device: torch.device | DeviceChoice) -> torch.device:
    """Find the device whose memory is full: the given one, or the CPU."""
    import torch

    if isinstance(error, MemoryError) or _FULL_HOST in str(error):
        return torch.device("cpu")
    return choose_device(device) if isinstance(device, DeviceChoice) else device


def _describe_full_memory(device: torch.device, place: str, remedies: tuple[str, ...]) -> str:
    if device.type != "cpu":
        chosen = " or ".join((*remedies, "the device 'cpu'"))
        return f"{device} is out of memory {place}; choose {chosen}."
    other = f"choose {' or '.join(remedies)}, or " if remedies else ""
    return f"{device} is out of memory {place}; {other}close other programs."
