from __future__ import annotations

from tests.core.models.files.small import small_networks

__all__ = ["small_networks"]
