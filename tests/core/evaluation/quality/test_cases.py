from __future__ import annotations

import numpy as np
import pytest

from matting_core.document.prompts import BoxPrompt
from matting_core.errors import InputError
from matting_core.evaluation.quality.cases import PictureSource, make_box_prompt, make_still_case
from tests.core.evaluation.quality.helpers import HW, grey
from tests.tables import table

BLACK = np.zeros((*HW, 3), np.uint8)


def _truth(core: float = 1.0) -> np.ndarray:
    truth = grey(0)
    truth[5:15, 6:20] = 0.1
    truth[8:12, 10:16] = core
    return truth


@table(("level", "box"), [(0.5, (10.0, 8.0, 16.0, 12.0)), (0.0, (6.0, 5.0, 20.0, 15.0))])
def test_the_box_bounds_what_is_above_the_level(level, box) -> None:
    assert make_still_case("a", BLACK, _truth(), level).prompt == BoxPrompt(0, box)


def test_a_faint_object_still_gets_a_box() -> None:
    assert make_box_prompt("a", _truth(0.3), 0.5).xyxy == (6.0, 5.0, 20.0, 15.0)


def test_an_empty_truth_is_refused() -> None:
    with pytest.raises(InputError, match="alpha of a is empty"):
        make_still_case("a", BLACK, grey(0))


@table("what", ["alpha", "trimap"])
def test_other_sizes_are_refused(what) -> None:
    planes = {"alpha": _truth(), "trimap": _truth(), what: grey(1, (9, 7))}
    with pytest.raises(InputError, match=f"The {what} of a is 7 x 9"):
        make_still_case("a", BLACK, planes["alpha"], trimap=planes["trimap"])


def test_a_picture_in_memory_is_a_clip_of_one_frame() -> None:
    source = PictureSource("a", BLACK)
    assert (len(source), source.size, source.transfer, source.time(0)) == (1, (32, 24), "srgb", 0)
    assert source.read(0) is BLACK
    with pytest.raises(InputError, match="no frame 1"):
        source.read(1)
