from __future__ import annotations

from tests.core.model_files.small import small_networks

__all__ = ["small_networks"]
