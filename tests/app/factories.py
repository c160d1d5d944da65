"""Values that several tests need."""

from fractions import Fraction

from matting_core.document.project import Clip
from matting_core.types import Size


def a_clip(length: int = 12, size: Size = Size(320, 240)) -> Clip:  # noqa: B008 - a constant
    return Clip("/clips/disc.mp4", "f" * 32, size, length, Fraction(24))
