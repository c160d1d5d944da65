"""Terms of models' licences, in two lines each, with the address of their text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of a licence, in short; its text counts.

    Attributes:
        points: what it allows and asks for, one sentence each.
        address: where its text is.
    """

    points: tuple[str, ...]
    address: str


TERMS: Mapping[str, Terms] = {
    "CC-BY-NC-SA-4.0": Terms(
        (
            "You may use, share and change it, but not for commercial purposes.",
            "Name its authors, and share what you make of it under the same licence.",
        ),
        "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    ),
    "LicenseRef-SAM": Terms(
        (
            "You may use, share and change it, but not for war, weapons, nuclear industries or "
            "espionage.",
            "Pass the licence on with it, and name it where you publish research done with it.",
        ),
        "https://github.com/facebookresearch/sam3/blob/main/LICENSE",
    ),
}
"""Terms by SPDX identifier."""
