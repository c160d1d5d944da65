from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from matting_core.evaluation.quality.runner import StageSeconds, Step
from matting_core.evaluation.quality.sheets import GREEN, draw_comparison_sheet, write_sheet
from tests.core.evaluation.quality.helpers import grey

HW = (60, 80)


def _steps(count: int, hw: tuple[int, int] = HW) -> list[Step]:
    rgb = np.full((*hw, 3), 200, np.uint8)
    values, took = {"mad": 12.34}, StageSeconds(0, 0, 0)
    return [Step("a", 0, str(k), values, took, rgb, grey(1, hw), grey(0, hw)) for k in range(count)]


def test_picture_truth_and_rows_lie_side_by_side() -> None:
    page = draw_comparison_sheet(_steps(3), ["one", "two", "three"])
    assert page.shape == (2 * (60 + 18 + 4) + 4, 4 * (80 + 4) + 4, 3)
    middle = 4 + 18 + 30
    picture, truth, first, second = (page[middle, 4 + 84 * k + 40] for k in range(4))
    assert (picture == 200).all()
    assert (truth == 200).all()
    assert tuple(first) == tuple(second) == GREEN
    assert tuple(page[middle + 82, 44]) == GREEN


def test_large_pictures_are_made_smaller(tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    write_sheet(path, _steps(1, (700, 1400)), ["one"])
    assert cv2.imread(str(path)).shape == (280 + 18 + 8, 4 * 564 + 4, 3)
