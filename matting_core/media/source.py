"""Frame sources, by which the rest of Wisp reads a clip."""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol

from matting_core.types import FramePixels, Size, Transfer


class FrameSource(Protocol):
    """Clip as an indexable list of upright frames.

    Not thread-safe: each thread opens its own. `read` may be called in any order and is exact:
    frame `i` is always the same picture, however it was reached; reading forwards is fast.
    """

    @property
    def path(self) -> str:
        """Path that was opened: a file, a folder, or a `name.%04d.exr` pattern."""
        ...

    @property
    def size(self) -> Size:
        """Width and height of every frame, after rotation."""
        ...

    @property
    def rate(self) -> Fraction:
        """Frames per second (average where the rate varies; stills: 24)."""
        ...

    @property
    def first_number(self) -> int:
        """The clip's own number of frame index 0 (1001 for `shot.1001.exr`, else 0)."""
        ...

    @property
    def transfer(self) -> Transfer:
        """Encoding of values: "srgb" (display) or "linear" (scene, float formats)."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hex digest of the contents' identity; equal for a copied file, changed by an edit."""
        ...

    def __len__(self) -> int: ...

    def read(self, index: int) -> FramePixels:
        """Return frame `index` as a read-only (H, W, 3) uint8, uint16 or float16 array.

        Raises:
            InputError: the index is outside the clip.
            MediaError: the frame is damaged or gone.
        """
        ...

    def time(self, index: int) -> Fraction:
        """Return the presentation time of frame `index` in seconds from the clip's start."""
        ...

    def close(self) -> None:
        """Release files; calling twice is fine."""
        ...
