from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matting_core.document.prompts import BoxPrompt, MaskPrompt
from matting_core.errors import InputError, MediaError
from matting_core.evaluation.quality.sets import DEFAULT_SETS, SETS, open_sets
from matting_core.media.masks import decode_mask
from matting_core.metrics.names import Metric
from tests.core.evaluation.helpers import disc, write_alpha
from tests.core.evaluation.quality.helpers import write_photos, write_videos
from tests.tables import table


def test_photos_come_with_a_tight_or_a_wide_box(tmp_path: Path) -> None:
    tight, wide = open_sets(write_photos(tmp_path, "b", "a"), ["boxes", "wide-boxes", "boxes"])
    assert (tight.frames, tight.still) == (2, True)
    assert Metric.DTSSD not in tight.metrics
    one, other = next(iter(tight.cases())), next(iter(wide.cases()))
    assert [case.name for case in tight.cases()] == ["a", "b"]
    assert one.trimap is None
    assert isinstance(one.prompt, BoxPrompt)
    assert isinstance(other.prompt, BoxPrompt)
    assert other.prompt.xyxy[0] < one.prompt.xyxy[0]
    assert np.abs(one.truth(0) - disc(16)).max() <= 0.5 / 255 + 1e-6


def test_given_trimaps_have_three_values(tmp_path: Path) -> None:
    (trimaps,) = open_sets(write_photos(tmp_path, "a"), ["trimaps"])
    (case,) = trimaps.cases()
    assert case.trimap is not None
    alpha = disc(16)
    assert np.unique(case.trimap).tolist() == [0, 0.5, 1]
    assert np.array_equal(case.trimap == 0.5, (alpha > 0) & (alpha < 1))


def test_clips_come_with_the_first_mask(tmp_path: Path) -> None:
    (video,) = open_sets(write_videos(tmp_path), ["video"])
    assert (video.frames, video.still) == (3, False)
    assert Metric.DTSSD in video.metrics
    for case in video.cases():
        assert case.name == "clip"
        assert len(case.source) == 3
        assert isinstance(case.prompt, MaskPrompt)
        assert np.array_equal(decode_mask(case.prompt.png, case.source.size), disc(14) > 0.5)
        assert np.abs(case.truth(2) - disc(18)).max() < 0.03


def test_clips_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    write_videos(tmp_path, frames=2)
    clip = tmp_path / "eval" / "sav_pseudo" / "clip"
    (clip / "alpha.mp4").rename(tmp_path / "alpha.mp4")
    write_videos(tmp_path, frames=3)
    (tmp_path / "alpha.mp4").rename(clip / "alpha.mp4")
    with pytest.raises(InputError, match="not of one size and length"):
        open_sets(tmp_path, ["video"])
    (clip / "alpha.mp4").unlink()
    with pytest.raises(MediaError, match=r"alpha\.mp4 does not exist"):
        open_sets(tmp_path, ["video"])


@table("name", SETS)
def test_a_missing_folder_is_named(tmp_path: Path, name) -> None:
    folder = "sav_pseudo" if name == "video" else "alphamatting/image"
    with pytest.raises(InputError, match=rf"set '{name}' needs the folder .*{folder}, which is mi"):
        open_sets(tmp_path, [name])


def test_only_the_trimaps_may_be_missing(tmp_path: Path) -> None:
    alpha = disc(16)
    for part in ("image", "alpha"):
        write_alpha(tmp_path / "eval" / "alphamatting" / part / "a.png", alpha)
    assert open_sets(tmp_path, ["boxes"])[0].frames == 1
    with pytest.raises(InputError, match="trimap, which is missing"):
        open_sets(tmp_path, ["trimaps"])


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    for part in ("image", "alpha"):
        (tmp_path / "eval" / "alphamatting" / part).mkdir(parents=True)
    with pytest.raises(InputError, match="image is empty"):
        open_sets(tmp_path, ["boxes"])


def test_unknown_sets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no set called 'davis'; choose from boxes, wide-boxes"):
        open_sets(tmp_path, ["davis"])
    assert set(DEFAULT_SETS) - {"rendered"} <= SETS.keys()
