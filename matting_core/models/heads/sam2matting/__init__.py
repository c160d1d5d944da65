"""SAM2Matting's heads in their published layout: ROI, pseudo-trimap, progressive alpha.

The published checkpoints are the user's to bring; `matting_core.models.files` installs their parts.
"""

from __future__ import annotations

from matting_core.models.heads.base import HeadSpec, MattingHead
from matting_core.types import DeviceChoice


def _spec(size: str, title: str, encoder: str) -> HeadSpec:
    weights_id = f"sam2matting-{size}-heads"

    def build(choice: DeviceChoice) -> MattingHead:
        from matting_core.models.devices import choose_device
        from matting_core.models.heads.sam2matting.head import SAM3, SAM21, PublishedHead
        from matting_core.models.weights import load

        picture = SAM3 if encoder == "sam3" else SAM21
        return PublishedHead(load(weights_id), choose_device(choice), picture)

    return HeadSpec(
        id=f"sam2matting-{size}",
        title=f"SAM2Matting {title}",
        version="1",
        build=build,
        weights=(weights_id,),
        needs_features=True,
        encoder=encoder,
    )


SPECS = (
    _spec("tiny", "Tiny", "sam2.1-tiny"),
    _spec("base-plus", "Base+", "sam2.1-base-plus"),
    _spec("sam3", "SAM 3", "sam3"),
)
"""The published heads; each was trained on the features of its own tracker."""
