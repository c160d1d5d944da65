from __future__ import annotations

import numpy as np

from matting_core.media.orientation import Orientation
from matting_core.types import Size
from tests.tables import table

PICTURE = np.arange(24).reshape(2, 4, 3)
ONE = 65536


@table(
    ("matrix", "turned"),
    [
        ((ONE, 0, 0, 0, ONE), PICTURE),
        ((0, ONE, 0, -ONE, 0), np.rot90(PICTURE, -1)),
        ((-ONE, 0, 0, 0, -ONE), np.rot90(PICTURE, 2)),
        ((0, -ONE, 0, ONE, 0), np.rot90(PICTURE, 1)),
        ((-ONE, 0, 0, 0, ONE), PICTURE[:, ::-1]),
        ((ONE, 0, 0, 0, -ONE), PICTURE[::-1]),
        ((60000, 20000, 0, -20000, 60000), PICTURE),
        ((20000, 60000, 0, -60000, 20000), np.rot90(PICTURE, -1)),
    ],
)
def test_display_matrix(matrix: tuple[int, ...], turned: np.ndarray) -> None:
    orientation = Orientation.from_display_matrix([*matrix, 0, 0, 0, 1 << 30])
    assert np.array_equal(orientation.turn(PICTURE), turned)
    assert orientation.turn(PICTURE).flags.c_contiguous
    assert orientation.turn_size(Size(4, 2)).hw == turned.shape[:2]


@table("value", [0, 1, 9, -5])
def test_unknown_exif_values_mean_upright(value: int) -> None:
    assert Orientation.from_exif(value) == Orientation()


def test_eight_exif_values_are_eight_orientations() -> None:
    assert len({Orientation.from_exif(value) for value in range(1, 9)}) == 8
