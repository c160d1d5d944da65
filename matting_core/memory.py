"""Memory of this process."""

from __future__ import annotations

import sys
from pathlib import Path

_STATM = Path("/proc/self/statm")


def peak_memory_bytes() -> int:
    """Largest resident size of this process so far; 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def resident_bytes() -> int:
    """Resident size of this process now; its peak where the system does not say."""
    try:
        import resource

        pages = int(_STATM.read_text().split()[1])
    except (ImportError, OSError):
        return peak_memory_bytes()
    return pages * resource.getpagesize()
