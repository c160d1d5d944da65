from __future__ import annotations

from pathlib import Path

import pytest

from matting_core.errors import MediaError
from matting_core.media.opening import open_source
from tests.clips import numbered_picture, read_number, write_numbered_clip
from tests.images import write_image
from tests.tables import table


def test_the_kind_follows_the_path(tmp_path: Path) -> None:
    clip = write_numbered_clip(tmp_path / "clip.mp4", 3).rename(tmp_path / "clip.MP4")
    stills = tmp_path / "stills"
    stills.mkdir()
    for i in range(1, 4):
        write_image(stills / f"a.{i:04d}.png", numbered_picture(i, (64, 48)))
    found = []
    for path in (clip, stills, stills / "a.####.png", str(stills / "a.0002.png")):
        source = open_source(path)
        found.append((len(source), read_number(source.read(len(source) - 1))))
        assert source.path == str(path)
        source.close()
    assert found == [(3, 2), (3, 3), (3, 3), (1, 2)]


@table("name", ["gone.mp4", "gone.png", "gone", "gone.xyz", "gone.%04d.png", "no/x"])
def test_what_is_missing_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(MediaError, match=r"does not exist|No file matches"):
        open_source(tmp_path / name)


@table("name", ["a.txt", "a.docx", "a", "a.m3u8", "a.wav"])
def test_other_kinds_of_files_say_what_to_choose(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("#EXTM3U\n")
    with pytest.raises(MediaError, match="choose a video, an image, or a folder of images"):
        open_source(tmp_path / name)


def test_a_project_is_no_clip(tmp_path: Path) -> None:
    (tmp_path / "a.wisp").write_text("{}")
    with pytest.raises(MediaError, match=r"is a project, not a clip"):
        open_source(tmp_path / "a.wisp")


def test_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="has no images"):
        open_source(tmp_path)
