"""A collected folder holds all that the project needs, and is made whole or not at all."""

import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from matting_core.document import storage
from matting_core.document.project import Project
from matting_core.errors import CancelledError, ExportError, InputError
from matting_core.export import collecting
from matting_core.export.collecting import CollectOptions, collect, take_results
from matting_core.jobs import CancelToken
from matting_core.media.opening import open_source
from matting_core.results.recipes import matte_key, segmentation_key
from matting_core.results.service import ResultService
from matting_core.results.store import MatteCache
from tests.core.factories import ONE, a_clip, a_matte, a_project, segmentation_of
from tests.tables import table


@pytest.fixture
def clip_file(tmp_path: Path) -> Path:
    path = tmp_path / "media" / "fücksin 狐.mp4"
    path.parent.mkdir()
    path.write_bytes(bytes(range(256)) * 100)
    return path


def project_on(path: Path) -> Project:
    return a_project(clip=replace(a_clip(), path=str(path)))


def run(project, options, cache=None, token=None):
    return list(
        collect(
            project,
            ResultService(cache or MatteCache()),
            options,
            token or CancelToken(),
            "Collect",
        )
    )


def test_a_video_and_its_project_open_after_a_move_to_another_machine(
    clip_file: Path, tmp_path: Path
) -> None:
    project = project_on(clip_file)
    progress = run(project, CollectOptions(tmp_path / "out" / "fox.wisp"))
    assert progress[-1].done == progress[-1].total
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["fox.wisp", clip_file.name]
    other = tmp_path / "other machine"
    (tmp_path / "out").rename(other)
    shutil.rmtree(clip_file.parent)
    opened = storage.load(other / "fox.wisp")
    assert opened.clip.path == str(other / clip_file.name)
    assert Path(opened.clip.path).read_bytes() == bytes(range(256)) * 100
    assert opened.objects == project.objects


@table("named", ["", "a.%04d.png"])
def test_all_stills_come_along(tmp_path: Path, named: str) -> None:
    plate = tmp_path / "plate"
    plate.mkdir()
    for number in range(3):
        cv2.imwrite(str(plate / f"a.{number:04d}.png"), np.full((48, 64, 3), number, np.uint8))
    (plate / "notes.txt").write_text("not a frame")
    source = open_source(plate / named)
    clip = replace(a_clip(), path=source.path, length=3, fingerprint=source.fingerprint)
    run(a_project(clip=clip), CollectOptions(tmp_path / "out" / "fox.wisp"))
    shutil.rmtree(plate)
    opened = storage.load(tmp_path / "out" / "fox.wisp")
    assert opened.clip.path == str(tmp_path / "out" / "plate" / named)
    assert open_source(opened.clip.path).fingerprint == clip.fingerprint
    assert len(list((tmp_path / "out" / "plate").iterdir())) == 3


def finished(project, cache, frames):
    for frame in frames:
        cache.put_matte(matte_key(project, ONE, frame), a_matte(frame))
        mask = segmentation_of(np.ones((8, 8)))
        cache.put_segmentation(segmentation_key(project, ONE, frame), mask)


@pytest.mark.parametrize("results", [True, False])
def test_finished_results_come_along_if_wanted(
    clip_file: Path, tmp_path: Path, results: bool
) -> None:
    project, cache = project_on(clip_file), MatteCache(tmp_path / "cache")
    finished(project, cache, range(4))
    file = tmp_path / "out" / "fox.wisp"
    run(project, CollectOptions(file, results=results), cache)
    other = MatteCache(tmp_path / "other")
    taken = list(take_results(file, other))
    assert taken == [True] * 8 * results
    for frame in range(4 * results):
        there = other.get_matte(matte_key(project, ONE, frame))
        assert np.array_equal(there.alpha, cache.get_matte(matte_key(project, ONE, frame)).alpha)
        assert other.has_segmentation(segmentation_key(project, ONE, frame))
    assert list(take_results(file, other)) == [False] * 8 * results


def test_damaged_and_foreign_results_are_not_taken(clip_file: Path, tmp_path: Path) -> None:
    project, cache = project_on(clip_file), MatteCache(tmp_path / "cache")
    finished(project, cache, [0])
    file = tmp_path / "out" / "fox.wisp"
    run(project, CollectOptions(file, results=True), cache)
    folder = collecting.results_folder(file)
    for path in folder.glob("*/*-mask.blob"):
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    (folder / "aa").mkdir(exist_ok=True)
    (folder / "aa" / "../x.blob").write_bytes(b"")
    (folder / "aa" / "notes.blob").write_bytes(b"y" * 40)
    other = MatteCache(tmp_path / "other")
    assert sum(take_results(file, other)) == 1
    assert other.has_matte(matte_key(project, ONE, 0))


@pytest.mark.parametrize("what", ["fox.wisp", "fücksin 狐.mp4"])
def test_nothing_is_overwritten_unless_it_may_be(
    clip_file: Path, tmp_path: Path, what: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / what).write_text("precious")
    project = project_on(clip_file)
    with pytest.raises(ExportError, match=r"there already.*allow overwriting"):
        run(project, CollectOptions(out / "fox.wisp"))
    assert [(p.name, p.read_text()) for p in out.iterdir()] == [(what, "precious")]
    run(project, CollectOptions(out / "fox.wisp", overwrite=True))
    assert storage.load(out / "fox.wisp").objects == project.objects
    assert (out / clip_file.name).read_bytes() == clip_file.read_bytes()


def test_collecting_where_the_clip_is_leaves_the_clip_alone(clip_file: Path) -> None:
    before = clip_file.stat()
    run(project_on(clip_file), CollectOptions(clip_file.parent / "fox.wisp"))
    assert clip_file.stat().st_mtime_ns == before.st_mtime_ns
    assert storage.load(clip_file.parent / "fox.wisp").clip.path == str(clip_file)


def test_cancelling_leaves_nothing(clip_file: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(collecting, "_BLOCK", 1024)
    token = CancelToken()
    steps = collect(
        project_on(clip_file),
        ResultService(MatteCache()),
        CollectOptions(tmp_path / "new" / "out" / "a.wisp"),
        token,
        "Collect",
    )
    assert next(steps).done == 1
    token.cancel()
    with pytest.raises(CancelledError):
        next(steps)
    assert not (tmp_path / "new").exists()


def test_a_job_that_is_closed_leaves_nothing(clip_file: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(collecting, "_BLOCK", 1024)
    options = CollectOptions(tmp_path / "out" / "a.wisp")
    steps = collect(
        project_on(clip_file), ResultService(MatteCache()), options, CancelToken(), "Collect"
    )
    next(steps)
    steps.close()
    assert not (tmp_path / "out").exists()


def test_too_little_room_is_said_before_anything_is_copied(
    clip_file: Path, tmp_path: Path, monkeypatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(collecting.shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(ExportError, match="choose another disk"):
        run(project_on(clip_file), CollectOptions(tmp_path / "out" / "fox.wisp"))
    assert not (tmp_path / "out").exists()


def test_a_disk_that_fills_up_meanwhile_is_said_and_leaves_nothing(
    clip_file: Path, tmp_path: Path, monkeypatch
) -> None:
    def full(_handle) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(collecting.os, "fsync", full)
    with pytest.raises(ExportError, match="disk is full"):
        run(project_on(clip_file), CollectOptions(tmp_path / "out" / "fox.wisp"))
    assert not (tmp_path / "out").exists()


def test_without_a_clip_there_is_nothing_to_collect(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No clip"):
        run(Project(), CollectOptions(tmp_path / "fox.wisp"))
