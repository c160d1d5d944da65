"""Catalogue of weights: what each file is, whose it is, and where it is or comes from.

Some files ship with Wisp, and their hashes are below. The others the user adds: they are downloaded
or imported by `matting_core.models.files`, which writes a note with the hash beside each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from matting_core.files import models_folder
from matting_core.resources import resource_path


@dataclass(frozen=True, slots=True)
class Download:
    """Download that a file's authors offer to everybody.

    Attributes:
        address: where, an https URL.
        sha256: hash of the file, hex.
        size: bytes.
    """

    address: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights in one file.

    Attributes:
        id: stable name.
        title: what the user reads.
        file: path below `resources/`, or below the models folder if the user adds it.
        sha256: hash of the file, hex; None if the user adds it.
        size: bytes; of a file that the user adds, about.
        licence: SPDX identifier.
        origin: where it comes from, in a sentence.
        download: where it can be fetched; None if it ships with Wisp or the user brings it.
    """

    id: str
    title: str
    file: str
    sha256: str | None
    size: int
    licence: str
    origin: str
    download: Download | None = None

    @property
    def shipped(self) -> bool:
        """Whether the file is a part of Wisp."""
        return self.sha256 is not None

    @property
    def non_commercial(self) -> bool:
        """Whether its licence forbids commercial use."""
        return forbids_commerce(self.licence)

    @property
    def path(self) -> Path:
        """Path of the file on this machine."""
        return resource_path(self.file) if self.shipped else models_folder() / self.file


def forbids_commerce(licence: str) -> bool:
    """Whether a licence, by its SPDX identifier, forbids commercial use."""
    return "-NC" in licence


_SHIPPED = (
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
        id="wisp-follower",
        title="Wisp's follower: flow, memory and decoder in one mask",
        file="weights/wisp_follower.fp16.safetensors",
        sha256="64297833130f13356d4e03a452c272338f8647a34bbdf0ecc197cb5f4b76cc95",
        size=1107632,
        licence="Apache-2.0",
        origin="trained by this project; see resources/weights/WISP_FOLLOWER.md",
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

_SAM21_ADDRESS = "https://dl.fbaipublicfiles.com/segment_anything_2/092824/sam2.1_hiera_{}.pt"
# size: name in the address, title, bytes, sha256
_SAM21_FILES = {
    "tiny": (
        "tiny",
        "Tiny",
        156008466,
        "7402e0d864fa82708a20fbd15bc84245c2f26dff0eb43a4b5b93452deb34be69",
    ),
    "small": (
        "small",
        "Small",
        184416285,
        "6d1aa6f30de5c92224f8172114de081d104bbd23dd9dc5c58996f0cad5dc4d38",
    ),
    "base-plus": (
        "base_plus",
        "Base+",
        323606802,
        "a2345aede8715ab1d5d31b4a509fb160c5a4af1970f199d9054ccfb746c004c5",
    ),
    "large": (
        "large",
        "Large",
        898083611,
        "2647878d5dfa5098f2f8649825738a9345572bae2d4350a2468587ece47dd318",
    ),
}
_SAM2MATTING_TRACKERS = {
    "tiny": ("Tiny", 155906840),
    "base-plus": ("Base+", 323478296),
    "sam3": ("SAM 3", 1863248208),
}
_HEADS_SIZE = 19829968


def _sam21() -> Iterator[Weights]:
    for size, (name, title, length, sha256) in _SAM21_FILES.items():
        yield Weights(
            id=f"sam2.1-{size}",
            title=f"SAM 2.1 Hiera {title}",
            file=f"sam2.1-{size}.safetensors",
            sha256=None,
            size=length,
            licence="Apache-2.0",
            origin="Meta Platforms, SAM 2.1 (2024)",
            download=Download(_SAM21_ADDRESS.format(name), sha256, length),
        )


def _sam2matting() -> Iterator[Weights]:
    for size, (title, length) in _SAM2MATTING_TRACKERS.items():
        for part, bytes_ in (("tracker", length), ("heads", _HEADS_SIZE)):
            yield Weights(
                id=f"sam2matting-{size}-{part}",
                title=f"SAM2Matting {title}, {part}",
                file=f"sam2matting-{size}-{part}.safetensors",
                sha256=None,
                size=bytes_,
                licence="CC-BY-NC-SA-4.0",
                origin="the authors of SAM2Matting (2026); you bring their file",
            )


_SAM3 = Weights(
    id="sam3",
    title="SAM 3",
    file="sam3.safetensors",
    sha256=None,
    size=3439938512,
    licence="LicenseRef-SAM",
    origin=(
        "Meta Platforms, SAM 3 (2025); model.safetensors of huggingface.co/facebook/sam3, where "
        "its licence has to be accepted"
    ),
)


CATALOGUE: Mapping[str, Weights] = {
    entry.id: entry for entry in (*_SHIPPED, *_sam21(), *_sam2matting(), _SAM3)
}
"""All weights by id."""
