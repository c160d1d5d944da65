"""The catalogue of weights: what each file is, whose it is, and loading it checked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from matting_core.errors import WeightsError
from matting_core.resources import resource_path

if TYPE_CHECKING:
    import torch

_SCALE = ".scale"


@dataclass(frozen=True, slots=True)
class Weights:
    """One file of weights.

    Attributes:
        id: stable name.
        title: what the user reads.
        file: path below `resources/`.
        sha256: hash of the file, hex.
        size: bytes.
        licence: SPDX identifier.
        origin: where it comes from, in a sentence.
    """

    id: str
    title: str
    file: str
    sha256: str
    size: int
    licence: str
    origin: str

    @property
    def path(self) -> Path:
        """Where the file is on this machine."""
        return resource_path(self.file)


CATALOGUE: Mapping[str, Weights] = {
    entry.id: entry
    for entry in (
        Weights(
            id="sam2-hiera-tiny-image",
            title="SAM 2 Hiera Tiny, image half, int8",
            file="weights/sam2_hiera_tiny_image.int8.safetensors",
            sha256="89beba6b3c9b2af9ed2013290b2da49c4f95e244b0ee6bc4a4b243ac0604ca05",
            size=31675160,
            licence="Apache-2.0",
            origin="Meta Platforms, SAM 2.0 (2024); see resources/weights/PROVENANCE.md",
        ),
        Weights(
            id="wisp-head",
            title="Wisp's head: ROI, alpha and confidence",
            file="weights/wisp_head.fp16.safetensors",
            sha256="294e902d0b51225d6bdf985b4294e1afa3279e33271dfef1475a31651f60e890",
            size=1214310,
            licence="Apache-2.0",
            origin="trained by this project; see resources/weights/WISP_HEAD.md",
        ),
        Weights(
            id="wisp-judge",
            title="Wisp's judge: where the mask is wrong",
            file="weights/wisp_judge.fp16.safetensors",
            sha256="1c448a8e9553dde91958c2f46cecd3d0cabb8f571bddcd20c5a96d1725b86c03",
            size=1214310,
            licence="Apache-2.0",
            origin="trained by this project; see resources/weights/WISP_HEAD.md",
        ),
    )
}


def verify(weights: Weights) -> None:
    """Check a weights file against the catalogue.

    Raises:
        WeightsError: it is missing, or its contents differ.
    """
    try:
        with weights.path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise WeightsError(
            f"The weights '{weights.id}' are missing at {weights.path}; get a whole copy of Wisp."
        ) from None
    if found != weights.sha256:
        raise WeightsError(
            f"The weights '{weights.id}' at {weights.path} are damaged; get a whole copy of Wisp."
        )


@cache
def load(weights_id: str) -> Mapping[str, torch.Tensor]:
    """Return checked weights as float32 tensors; int8 ones are multiplied by their scales.

    Loaded once per process: trackers of different sizes share the memory.

    Raises:
        WeightsError: missing, damaged, or not in the catalogue.
    """
    from safetensors.torch import load_file

    if weights_id not in CATALOGUE:
        raise WeightsError(f"There are no weights called '{weights_id}'; see `wisp models`.")
    entry = CATALOGUE[weights_id]
    verify(entry)
    stored = load_file(entry.path)
    return {
        name: _dequantised(tensor, stored.get(name + _SCALE))
        for name, tensor in stored.items()
        if not name.endswith(_SCALE)
    }


def _dequantised(values: torch.Tensor, scale: torch.Tensor | None) -> torch.Tensor:
    if scale is None:
        return values.float()
    return values.float() * scale.view(-1, *[1] * (values.ndim - 1))
