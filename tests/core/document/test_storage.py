from __future__ import annotations

import copy
import json
import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matting_core import files
from matting_core.document import edits, span_edits, storage
from matting_core.document.finishing import LIMITS, Finishing
from matting_core.document.migrations import CURRENT_VERSION
from matting_core.document.project import Clip, MatteObject, Project, Settings
from matting_core.document.prompts import BoxPrompt, Label, MaskPrompt, PointPrompt, TextPrompt
from matting_core.document.refine import RefineStrokes
from matting_core.document.shapes import Shape, ShapeKey, ShapeRole
from matting_core.document.tracks import Key, Track
from matting_core.errors import ExportError, InputError, ProjectFileError
from matting_core.types import FrameRange, ObjectId, Quality, Size
from tests.core.factories import ONE, a_box, a_clip, a_mask, a_project
from tests.tables import table

_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
_NAMING = st.text(min_size=1, max_size=200).filter(lambda t: t.strip() and t.isprintable())
_COORDINATE = st.floats(0, 1, allow_nan=False)


def _name(text: str) -> str | None:
    try:
        MatteObject(ObjectId(1), text, "")
    except InputError:
        return None
    return text


@st.composite
def clips(draw) -> Clip:
    return Clip(
        path="/" + draw(_TEXT).replace("\0", ""),
        fingerprint=draw(_TEXT),
        size=Size(draw(st.integers(1, 9000)), draw(st.integers(1, 9000))),
        length=draw(st.integers(1, 5000)),
        rate=Fraction(draw(st.integers(1, 240000)), draw(st.integers(1, 1001))),
    )


@st.composite
def prompts(draw, clip: Clip):
    frame = draw(st.integers(0, clip.length - 1))
    x, y = draw(_COORDINATE) * clip.size.width, draw(_COORDINATE) * clip.size.height
    kind = draw(st.sampled_from("pbmt"))
    if kind == "p":
        return PointPrompt(frame, (x, y), draw(st.sampled_from(Label)))
    if kind == "t":
        return TextPrompt(frame, draw(_NAMING))
    if kind == "m" or x <= 0 or y <= 0:
        return MaskPrompt(frame, draw(st.binary(max_size=40)))
    return BoxPrompt(frame, (x * draw(st.floats(0, 0.9)), y * draw(st.floats(0, 0.9)), x, y))


_FRAMES = st.lists(st.integers(0, 99), max_size=3, unique=True).map(sorted)


@st.composite
def tracks(draw, parameter) -> Track:
    limits = LIMITS[parameter]
    values = st.floats(limits.least, limits.most)
    return Track(draw(values), tuple(Key(frame, draw(values)) for frame in draw(_FRAMES)))


@st.composite
def shapes(draw, number: int) -> Shape:
    count = draw(st.integers(3, 5))
    points = st.tuples(*[st.tuples(_COORDINATE, _COORDINATE)] * count)
    frames = draw(_FRAMES.filter(bool))
    return Shape(
        id=number,
        role=draw(st.sampled_from(ShapeRole)),
        keys=tuple(ShapeKey(frame, draw(points)) for frame in frames),
        curved=draw(st.booleans()),
        inverted=draw(st.booleans()),
        feather=draw(st.floats(0, 50)),
        enabled=draw(st.booleans()),
    )


@st.composite
def finishings(draw) -> Finishing:
    numbers = draw(st.lists(st.integers(1, 9), max_size=2, unique=True))
    finishing = Finishing(shapes=tuple(draw(shapes(number)) for number in numbers))
    for parameter in draw(st.sets(st.sampled_from(list(LIMITS)), max_size=2)):
        finishing = finishing.with_track(parameter, draw(tracks(parameter)))
    return finishing


@st.composite
def projects(draw) -> Project:
    clip = draw(clips())
    names = draw(st.lists(_TEXT.filter(_name), max_size=3, unique_by=str.casefold))
    objects = tuple(
        MatteObject(
            id=ObjectId(number * 2),
            name=name,
            color=draw(_TEXT),
            visible=draw(st.booleans()),
            locked=draw(st.booleans()),
            locked_settings=draw(st.none() | st.just(Settings("one", "other"))),
            finishing=draw(finishings()),
            prompts=tuple(draw(st.lists(prompts(clip), max_size=4))),
        )
        for number, name in enumerate(names, 1)
    )
    start = draw(st.integers(0, clip.length - 1))
    span = FrameRange(start, draw(st.integers(start + 1, clip.length)))
    return Project(
        clip=clip,
        objects=objects,
        settings=Settings(draw(_TEXT), draw(_TEXT), draw(st.sampled_from(Quality))),
        work_range=draw(st.none() | st.just(span)),
        next_id=draw(st.integers(len(names) * 2 + 1, 99)),
        share_alpha=draw(st.booleans()),
    )


def _finishing() -> Finishing:
    corners = ((1.0, 2.0), (9.0, 2.0), (5.0, 8.0))
    shape = Shape(1, ShapeRole.GARBAGE, (ShapeKey(0, corners),), feather=2.0)
    track = Track(0.25, (Key(2, 0.1), Key(5, 0.5)))
    return Finishing(shapes=(shape,)).with_track(next(iter(LIMITS)), track)


def _record(path: Path) -> dict:
    project = edits.set_work_range(a_project(a_box(0), a_mask(3)), FrameRange(1, 5))
    finished = replace(project.find(ONE), finishing=_finishing())
    storage.save(replace(project, objects=(finished,)), path)
    return json.loads(path.read_text())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.wisp"


@given(projects())
def test_everything_comes_back(tmp_path_factory, project) -> None:
    path = tmp_path_factory.mktemp("projects") / "a.wisp"
    storage.save(project, path)
    assert storage.load(path) == project


def test_an_empty_project_comes_back(file: Path) -> None:
    storage.save(Project(), file)
    assert storage.load(file) == Project()


def test_the_file_names_its_format_and_is_text_for_people(file: Path) -> None:
    storage.save(edits.rename_object(a_project(), ONE, "Käse 猫"), file)
    text = file.read_text(encoding="utf-8")
    record = json.loads(text)
    assert (record["format"], record["version"]) == ("wisp-project", CURRENT_VERSION)
    assert '"Käse 猫"' in text


def test_a_path_that_is_no_unicode_comes_back(file: Path) -> None:
    clip = replace(a_clip(), path=os.fsdecode(b"/clips/K\xe4se.mp4"))
    storage.save(replace(a_project(), clip=clip), file)
    assert storage.load(file).clip == clip


def test_ids_of_removed_objects_stay_taken(file: Path) -> None:
    storage.save(edits.remove_object(a_project(objects=3), ObjectId(3)), file)
    assert edits.add_object(storage.load(file)).objects[-1].id == 4


def test_a_failing_write_leaves_the_old_project(file: Path, monkeypatch) -> None:
    storage.save(a_project(), file)
    before = file.read_bytes()

    def fail(_handle) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(ExportError, match="disk is full"):
        storage.save(Project(), file)
    assert file.read_bytes() == before
    assert list(file.parent.glob("*.tmp")) == list(file.parent.glob(".*")) == []


def test_a_folder_moved_as_a_whole_finds_its_clip(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    (old / "clips").mkdir(parents=True)
    clip = old / "clips" / "disc.mp4"
    clip.write_bytes(b"x")
    storage.save(replace(a_project(), clip=replace(a_clip(), path=str(clip))), old / "a.wisp")
    assert storage.load(old / "a.wisp").clip.path == str(clip)
    old.rename(new)
    assert storage.load(new / "a.wisp").clip.path == str(new / "clips" / "disc.mp4")


def test_a_moved_pattern_finds_its_frames(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    (old / "plate").mkdir(parents=True)
    clip = replace(a_clip(), path=str(old / "plate" / "shot.%04d.png"))
    storage.save(replace(a_project(), clip=clip), old / "a.wisp")
    assert storage.load(old / "a.wisp").clip == clip
    old.rename(new)
    assert storage.load(new / "a.wisp").clip.path == str(new / "plate" / "shot.%04d.png")


def test_the_clips_own_place_wins_over_a_copy_beside_the_project(tmp_path: Path) -> None:
    clip = tmp_path / "disc.mp4"
    clip.write_bytes(b"x")
    storage.save(replace(a_project(), clip=replace(a_clip(), path=str(clip))), tmp_path / "a.wisp")
    away = tmp_path / "away"
    away.mkdir()
    os.rename(tmp_path / "a.wisp", away / "a.wisp")  # noqa: PTH104
    (away / "disc.mp4").write_bytes(b"y")
    assert storage.load(away / "a.wisp").clip.path == str(clip)


def test_a_clip_that_is_nowhere_keeps_its_path(file: Path) -> None:
    storage.save(a_project(), file)
    assert storage.load(file).clip.path == "/clips/disc.mp4"


def _said(path: Path) -> str:
    with pytest.raises(ProjectFileError) as caught:
        storage.load(path)
    said = str(caught.value)
    assert "\n" not in said
    assert str(path) in said
    assert said.endswith(".")
    return said


def test_a_missing_file_is_named(file: Path) -> None:
    assert "not there any more" in _said(file)


def test_a_folder_is_no_project(file: Path) -> None:
    file.mkdir()
    assert "could not be read" in _said(file)


@table(
    "data",
    [b"", b"hello", b"\x89PNG\r\n", b"\xff\xfe\xff", b"[" * 100_000, b'{"format": "wisp'],
)
def test_what_is_not_json_is_damaged(file: Path, data) -> None:
    file.write_bytes(data)
    assert "damaged" in _said(file)


@table("text", ["[]", "null", "3", '"wisp-project"', "{}", '{"format": "x"}'])
def test_json_of_others_is_no_project(file: Path, text) -> None:
    file.write_text(text)
    assert "not a Wisp project" in _said(file)


def test_a_newer_project_asks_for_a_newer_wisp(file: Path) -> None:
    record = {**_record(file), "version": CURRENT_VERSION + 1}
    file.write_text(json.dumps(record))
    with pytest.raises(ProjectFileError, match="newer Wisp"):
        storage.load(file)


@table("part", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_project_is_damaged(file: Path, part) -> None:
    storage.save(a_project(), file)
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * part)])
    assert "damaged" in _said(file)


def _places(value: object, path: tuple = ()) -> list[tuple]:
    items = (
        (value.items() if isinstance(value, dict) else enumerate(value))
        if isinstance(value, dict | list)
        else ()
    )
    return [path, *(place for key, part in items for place in _places(part, (*path, key)))]


def _put(record: dict, place: tuple, value: object) -> dict:
    changed = copy.deepcopy(record)
    target = changed
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    return changed


def test_every_missing_part_is_damage(file: Path) -> None:
    record = _record(file)
    for place in _places(record):
        optional = ("format", "version", "black")
        if not place or isinstance(place[-1], int) or place[-1] in optional:
            continue
        changed = copy.deepcopy(record)
        target = changed
        for key in place[:-1]:
            target = target[key]
        del target[place[-1]]
        file.write_text(json.dumps(changed))
        assert "damaged" in _said(file), place


_JUNK = st.sampled_from(
    [
        *(None, True, -1, 0, 10**400, 1e308, float("inf"), float("nan")),
        *("", "x", "\0", "x" * 5000, [], [1], ["a", "b"], {}, {"a": 1}),
    ]
)


@given(st.data())
def test_any_part_of_the_wrong_kind_is_damage_or_harmless(tmp_path_factory, data) -> None:
    path = tmp_path_factory.mktemp("projects") / "a.wisp"
    record = _record(path)
    place = data.draw(st.sampled_from(_places(record)[1:]))
    path.write_text(json.dumps(_put(record, place, data.draw(_JUNK))))
    try:
        project = storage.load(path)
    except ProjectFileError:
        return
    storage.save(project, path)
    assert storage.load(path) == project


@table(
    ("place", "value"),
    [
        (("clip", "length"), 0),
        (("clip", "length"), float("inf")),
        (("clip", "size"), [0, 48]),
        (("clip", "rate"), [24, 0]),
        (("clip", "rate"), [0, 1]),
        (("clip", "path"), 5),
        (("settings", "quality"), "best"),
        (("work_range",), [5, 5]),
        (("work_range",), [0, 13]),
        (("objects", 0, "id"), 0),
        (("objects", 0, "name"), "../x"),
        (("objects", 0, "prompts", 0, "frame"), 12),
        (("objects", 0, "prompts", 0, "xyxy"), [40, 12, 10, 36]),
        (("objects", 0, "prompts", 0, "xyxy"), [1, 2, 3]),
        (("objects", 0, "prompts", 0, "type"), "lasso"),
        (("objects", 0, "prompts", 1, "png"), "not base64!"),
        (("objects", 0, "finishing", "tracks", "black", "value"), 1.5),
        (("objects", 0, "finishing", "tracks", "black", "keys"), [[5, 0.1], [2, 0.5]]),
        (("objects", 0, "finishing", "tracks", "black", "keys"), [[-1, 0.1]]),
        (("objects", 0, "finishing", "tracks"), {"sharpen": {"value": 1, "keys": []}}),
        (("objects", 0, "finishing", "shapes", 0, "keys"), []),
        (("objects", 0, "finishing", "shapes", 0, "role"), "circle"),
        (("objects", 0, "finishing", "shapes", 0, "feather"), 51),
        (("objects", 0, "finishing", "shapes", 0, "keys", 0, "points"), [[1, 2], [3, 4]]),
    ],
)
def test_values_that_make_no_sense_are_damage(file: Path, place, value) -> None:
    file.write_text(json.dumps(_put(_record(file), place, value)))
    assert "damaged" in _said(file)


def test_locked_and_absent_spans_come_back(tmp_path) -> None:
    project = span_edits.lock_span(a_project(a_box(3)), ONE, FrameRange(4, 8))
    project = edits.add_prompts(project, ONE, [a_mask(2, a_clip().size)])
    project = span_edits.set_absent(project, ONE, FrameRange(9, 11), absent=True)
    path = tmp_path / "locked.wisp"
    storage.save(project, path)
    assert storage.load(path) == project


def test_a_span_outside_the_clip_is_damage(tmp_path) -> None:
    path = tmp_path / "long.wisp"
    storage.save(span_edits.lock_span(a_project(a_box(3)), ONE, FrameRange(4, 8)), path)
    record = json.loads(path.read_text())
    record["objects"][0]["held"][0]["span"] = [4, 80]
    path.write_text(json.dumps(record))
    with pytest.raises(ProjectFileError, match="is damaged: a span of object 1 leaves the clip"):
        storage.load(path)


def test_a_project_of_format_1_opens(tmp_path) -> None:
    path = tmp_path / "old.wisp"
    project = a_project(a_box(3))
    storage.save(project, path)
    record = json.loads(path.read_text())
    record["version"] = 1
    for obj in record["objects"]:
        del obj["held"], obj["absent"]
    path.write_text(json.dumps(record))
    assert storage.load(path) == project


def test_a_clip_is_looked_for_at_its_place_then_relatively_then_beside(tmp_path: Path) -> None:
    project_folder = tmp_path / "project"
    own, relative = tmp_path / "clips" / "disc.mp4", tmp_path / "elsewhere" / "disc.mp4"
    beside = project_folder / "disc.mp4"
    file = project_folder / "a.wisp"
    for path in (own, relative, beside):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    storage.save(replace(a_project(), clip=replace(a_clip(), path=str(own))), file)
    record = json.loads(file.read_bytes())
    record["clip"]["relative_path"] = "../elsewhere/disc.mp4"
    file.write_text(json.dumps(record))
    places = [str(own), str(relative), str(beside)]
    assert list(storage.clip_places(file)) == places
    own.unlink()
    assert list(storage.clip_places(file)) == places[1:]


def test_the_clip_of_a_windows_project_is_found_beside_it(file: Path) -> None:
    clip = replace(a_clip(), path="D:\\media\\disc.mp4")
    storage.save(replace(a_project(), clip=clip), file)
    (file.parent / "disc.mp4").write_bytes(b"x")
    assert storage.clip_places(file) == (str(file.parent / "disc.mp4"),)


def test_a_project_without_a_clip_has_no_places(file: Path) -> None:
    storage.save(Project(), file)
    assert storage.clip_places(file) == ()


def test_strokes_come_back_and_those_outside_the_clip_are_damage(tmp_path) -> None:
    path = tmp_path / "p.wisp"
    project = edits.set_strokes(a_project(), ONE, RefineStrokes(4, b"strokes"))
    storage.save(project, path)
    assert storage.load(path) == project
    path.write_text(path.read_text().replace('"frame": 4', '"frame": 12'))
    with pytest.raises(ProjectFileError, match="strokes of object 1 are on frame 12"):
        storage.load(path)
