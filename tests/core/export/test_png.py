from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from matting_core.document import edits, span_edits
from matting_core.document.project import Project
from matting_core.document.prompts import PointPrompt
from matting_core.errors import CancelledError, ExportError, InputError
from matting_core.export.png import SPEC, STAMP_ATTRIBUTE, Extra, PngOptions
from matting_core.export.run import (
    ExportRequest,
    ExportWriter,
    count_ready,
    current_keys,
    export_ready,
    exported_objects,
)
from matting_core.jobs import CancelToken
from matting_core.media.writer import read_text_attribute
from matting_core.models.session import Session
from matting_core.results.recipes import matte_key
from matting_core.results.service import ResultService
from matting_core.results.store import MatteCache
from matting_core.types import FrameRange
from tests.core.factories import ONE, SIZE, TWO, a_box, a_project, flat_source

SPAN = FrameRange(2, 6)


@pytest.fixture
def cache() -> MatteCache:
    return MatteCache()


def _tracked(project: Project, cache: MatteCache, frames: FrameRange = SPAN) -> Project:
    results = ResultService(cache)
    wanted = {obj.id: (frames,) for obj in project if obj.prompts}
    with Session.open(project.settings, flat_source()) as session:
        list(results.make(results.plan(project, wanted), session))
    return project


def _export(project: Project, cache: MatteCache, folder: Path, **options):
    png = PngOptions(**{k: options.pop(k) for k in ("bit_depth", "save") if k in options})
    given = ExportRequest(folder, options.pop("frames", SPAN), SPEC, png, **options)
    return list(export_ready(project, ResultService(cache), given, CancelToken()))


def _names(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def _times(folder: Path) -> dict[str, int]:
    return {name: (folder / name).stat().st_mtime_ns for name in _names(folder)}


def _pixels(path: Path) -> np.ndarray:
    return cv2.imread(str(path), cv2.IMREAD_UNCHANGED)


def test_one_object_is_written_straight_into_the_folder(tmp_path: Path, cache) -> None:
    project = _tracked(a_project(a_box(3)), cache)
    progress = _export(project, cache, tmp_path)
    assert _names(tmp_path) == [f"alpha_{frame:06d}.png" for frame in SPAN]
    assert [(step.done, step.total) for step in progress] == [(n, 4) for n in range(1, 5)]


def test_several_objects_get_a_folder_each(tmp_path: Path, cache) -> None:
    project = edits.add_prompts(a_project(objects=2), TWO, [a_box(4)])
    project = _tracked(edits.rename_object(project, TWO, "猫"), cache)
    _export(project, cache, tmp_path, frames=FrameRange(2, 4))
    assert _names(tmp_path) == [
        f"{name}/alpha_00000{frame}.png" for name in ("object 1", "猫") for frame in (2, 3)
    ]


@pytest.mark.parametrize(("depth", "kind"), [(8, np.uint8), (16, np.uint16)])
def test_values_are_the_mattes(tmp_path: Path, cache, depth, kind) -> None:
    project = _tracked(a_project(a_box(3)), cache)
    _export(project, cache, tmp_path, bit_depth=depth)
    pixels = _pixels(tmp_path / "alpha_000003.png")
    alpha = cache.get_matte(matte_key(project, ONE, 3)).alpha
    assert pixels.dtype == kind
    assert pixels.shape == SIZE.hw
    assert np.array_equal(pixels, np.rint(alpha * np.iinfo(kind).max))


def test_extras_are_written_beside(tmp_path: Path, cache) -> None:
    project = _tracked(a_project(a_box(3)), cache, FrameRange(3, 4))
    _export(project, cache, tmp_path, frames=FrameRange(3, 4), save=frozenset(Extra))
    assert _names(tmp_path) == [f"{p}_000003.png" for p in ("alpha", "mask", "roi", "trimap")]
    assert set(np.unique(_pixels(tmp_path / "trimap_000003.png"))) <= {0, 128, 255}
    alpha, mask = _pixels(tmp_path / "alpha_000003.png"), _pixels(tmp_path / "mask_000003.png")
    assert np.abs(alpha.astype(int) - mask).max() <= 1


def test_where_the_object_is_absent_black_is_written_without_any_track(tmp_path, cache) -> None:
    project = a_project(a_box(3))
    gone = span_edits.set_absent(project, ONE, FrameRange(2, 4), absent=True)
    _export(gone, cache, tmp_path, save=frozenset(Extra))
    assert _names(tmp_path) == sorted(
        f"{kind}_00000{frame}.png"
        for kind in ("alpha", "mask", "roi", "trimap")
        for frame in (2, 3)
    )
    assert all(_pixels(tmp_path / name).max() == 0 for name in _names(tmp_path))
    assert _pixels(tmp_path / "alpha_000002.png").shape == SIZE.hw
    assert count_ready(gone, ResultService(cache), SPAN).missing == 2
    _tracked(project, cache)
    _export(project, cache, tmp_path)
    assert _pixels(tmp_path / "alpha_000002.png").max() > 0


def test_locked_frames_are_written_as_they_were(tmp_path: Path, cache) -> None:
    project = _tracked(a_project(a_box(3)), cache)
    _export(project, cache, tmp_path)
    before = _times(tmp_path)
    locked = span_edits.lock_span(project, ONE, FrameRange(4, 6))
    edited = _tracked(edits.add_prompts(locked, ONE, [a_box(3, (1, 1, 9, 9))]), cache)
    _export(edited, cache, tmp_path)
    after = _times(tmp_path)
    changed = [name for name in before if before[name] != after[name]]
    assert changed == ["alpha_000002.png", "alpha_000003.png"]


def test_what_is_current_is_left_alone(tmp_path: Path, cache) -> None:
    project = _tracked(a_project(a_box(3)), cache)
    _export(project, cache, tmp_path)
    before = _times(tmp_path)
    _export(project, cache, tmp_path)
    assert _times(tmp_path) == before


def test_only_deleted_files_are_written_again(tmp_path: Path, cache) -> None:
    project = _tracked(a_project(a_box(3)), cache)
    _export(project, cache, tmp_path)
    before = _times(tmp_path)
    (tmp_path / "alpha_000004.png").unlink()
    _export(project, cache, tmp_path)
    after = _times(tmp_path)
    assert [name for name in before if before[name] != after[name]] == ["alpha_000004.png"]


def test_stale_files_are_replaced(tmp_path: Path, cache) -> None:
    project = _tracked(a_project(a_box(3)), cache)
    _export(project, cache, tmp_path)
    before = _times(tmp_path)
    changed = _tracked(edits.add_prompts(project, ONE, [PointPrompt(5, (50, 40))]), cache)
    _export(changed, cache, tmp_path)
    after = _times(tmp_path)
    assert [name for name in before if before[name] != after[name]] == ["alpha_000005.png"]


@pytest.mark.parametrize("change", [{"bit_depth": 8}, {"save": frozenset({Extra.ROI})}])
def test_other_options_write_again(tmp_path: Path, cache, change) -> None:
    project = _tracked(a_project(a_box(3)), cache)
    _export(project, cache, tmp_path)
    before = _times(tmp_path)
    _export(project, cache, tmp_path, **change)
    after = _times(tmp_path)
    assert all(after[name] != before[name] for name in before)


def test_what_the_cache_lacks_is_not_written(tmp_path: Path, cache) -> None:
    project = _tracked(a_project(a_box(3)), cache, FrameRange(3, 5))
    _export(project, cache, tmp_path)
    assert _names(tmp_path) == ["alpha_000003.png", "alpha_000004.png"]
    ready = count_ready(project, ResultService(cache), SPAN)
    assert (ready.ready, ready.missing) == (2, 2)


def test_stale_mattes_are_not_written(tmp_path: Path, cache) -> None:
    project = _tracked(a_project(a_box(3)), cache)
    changed = edits.add_prompts(project, ONE, [a_box(3, (1, 1, 9, 9))])
    _export(changed, cache, tmp_path)
    assert _names(tmp_path) == []
    assert count_ready(changed, ResultService(cache), SPAN).missing == 4


@pytest.mark.parametrize("contents", ["foreign image", "text"])
def test_files_of_others_are_not_touched(tmp_path: Path, cache, contents) -> None:
    project = _tracked(a_project(a_box(3)), cache)
    foreign = tmp_path / "alpha_000003.png"
    if contents == "text":
        foreign.write_text("mine")
    else:
        cv2.imwrite(str(foreign), np.zeros((4, 4), np.uint8))
    before = foreign.read_bytes()
    with pytest.raises(ExportError, match=r"alpha_000003\.png was not written by Wisp.*overwrit"):
        _export(project, cache, tmp_path)
    assert foreign.read_bytes() == before
    _export(project, cache, tmp_path, overwrite=True)
    assert read_text_attribute(foreign, STAMP_ATTRIBUTE)


def test_an_empty_file_may_be_replaced(tmp_path: Path, cache) -> None:
    project = _tracked(a_project(a_box(3)), cache)
    (tmp_path / "alpha_000003.png").touch()
    _export(project, cache, tmp_path)
    assert _pixels(tmp_path / "alpha_000003.png").shape == SIZE.hw


def test_other_files_of_the_folder_do_not_matter(tmp_path: Path, cache) -> None:
    (tmp_path / "notes.txt").write_text("x")
    _export(_tracked(a_project(a_box(3)), cache), cache, tmp_path)
    assert len(_names(tmp_path)) == 5


def test_hidden_objects_are_left_out(tmp_path: Path, cache) -> None:
    project = edits.set_visible(
        edits.add_prompts(a_project(objects=2), TWO, [a_box(4)]), ONE, False
    )
    _export(_tracked(project, cache), cache, tmp_path)
    assert _names(tmp_path) == [f"alpha_{frame:06d}.png" for frame in SPAN]
    key = matte_key(project, TWO, 3)
    assert read_text_attribute(tmp_path / "alpha_000003.png", STAMP_ATTRIBUTE).startswith(
        key.digest
    )


def test_nothing_visible_is_an_error() -> None:
    with pytest.raises(InputError, match="no visible object"):
        exported_objects(edits.set_visible(a_project(), ONE, False))
    with pytest.raises(InputError, match="no visible object"):
        exported_objects(Project())


def test_objects_without_prompts_have_no_keys() -> None:
    project = a_project(a_box(0), objects=2)
    keys = current_keys(project, ResultService(MatteCache()), project.objects, FrameRange(0, 2))
    assert [key and key.frame for key in keys] == [0, None, 1, None]


def test_cancelling_keeps_what_is_written(tmp_path: Path, cache) -> None:
    project, token = _tracked(a_project(a_box(3)), cache), CancelToken()
    steps = export_ready(project, ResultService(cache), ExportRequest(tmp_path, SPAN), token)
    next(steps)
    token.cancel()
    with pytest.raises(CancelledError):
        next(steps)
    assert _names(tmp_path) == ["alpha_000002.png"]


def test_a_lost_mask_entry_is_no_error(tmp_path: Path, cache) -> None:
    """The store may drop a segmentation and keep the matte that was made from it."""
    project = _tracked(a_project(a_box(3)), cache)
    key, bare = matte_key(project, ONE, 3), MatteCache()
    bare.put_matte(key, cache.get_matte(key))
    _export(project, bare, tmp_path)
    assert _names(tmp_path) == []


def test_writer_knows_what_is_written(tmp_path: Path, cache) -> None:
    project = _tracked(a_project(a_box(3)), cache)
    key = matte_key(project, ONE, 3)
    writer = ExportWriter(project, ExportRequest(tmp_path, SPAN))
    assert not writer.is_written(key)
    _export(project, cache, tmp_path)
    assert writer.is_written(key)
