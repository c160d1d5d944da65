"""SAM2Matting's heads in their published layout: ROI, pseudo-trimap, progressive alpha.

Not in the registry yet: a head needs a checkpoint, and the published ones are the user's to bring.
The names below import torch when they are first asked for, not when the registry lists this folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matting_core.heads.sam2matting.equations import sam2matting_trimap
    from matting_core.heads.sam2matting.model import (
        HeadsOutput,
        SAM2MattingHeads,
        load_published,
        published_shapes,
    )

__all__ = [
    "HeadsOutput",
    "SAM2MattingHeads",
    "load_published",
    "published_shapes",
    "sam2matting_trimap",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from matting_core.heads.sam2matting import model

    return getattr(model, name)
