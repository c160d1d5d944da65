from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from matting_core.document import edits
from matting_core.document.project import Project
from matting_core.document.prompt_file import read_prompts
from matting_core.document.prompts import BoxPrompt, Label, PointPrompt, TextPrompt
from matting_core.errors import InputError
from matting_core.media.masks import decode_mask
from tests.core.factories import FAKE, ONE, SIZE, TWO, a_clip
from tests.tables import table

POINT = {"frame": 0, "type": "point", "xy": [5, 6], "label": 1}
BOX = {"frame": 3, "type": "box", "xyxy": [10, 12, 40, 36]}
EMPTY = edits.set_clip(Project(settings=FAKE), a_clip())


def _write(folder: Path, *prompts: object, **fields: object) -> Path:
    return _write_record(folder, {"objects": [{"id": 1, "prompts": list(prompts), **fields}]})


def _write_record(folder: Path, record: object) -> Path:
    path = folder / "p.json"
    path.write_text(json.dumps(record))
    return path


def _said(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_prompts(path, EMPTY)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_points_and_boxes_are_read(tmp_path: Path) -> None:
    background = {"frame": 11, "type": "point", "xy": [1.5, 2], "label": 0}
    unlabelled = {"frame": 0, "type": "point", "xy": [1, 1]}
    path = _write(tmp_path, POINT, BOX, background, unlabelled, name="dog")
    obj = read_prompts(path, EMPTY).find(ONE)
    assert obj.name == "dog"
    assert obj.prompts == (
        PointPrompt(0, (5, 6)),
        BoxPrompt(3, (10, 12, 40, 36)),
        PointPrompt(11, (1.5, 2), Label.BACKGROUND),
        PointPrompt(0, (1, 1), Label.FOREGROUND),
    )


def test_texts_are_read_without_spaces_around(tmp_path: Path) -> None:
    path = _write(tmp_path, {"frame": 2, "type": "text", "text": " the brown dog "})
    assert read_prompts(path, EMPTY).find(ONE).prompts == (TextPrompt(2, "the brown dog"),)


def test_clip_and_settings_stay_and_objects_are_replaced(tmp_path: Path) -> None:
    before = edits.add_object(edits.add_object(EMPTY, "old"))
    project = read_prompts(_write(tmp_path, POINT), before)
    assert (project.clip, project.settings) == (before.clip, before.settings)
    assert [obj.name for obj in project] == ["object 1"]


def test_objects_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    entries = [{"id": 5, "prompts": [BOX]}, {"id": 2, "prompts": [POINT]}]
    project = read_prompts(_write_record(tmp_path, {"objects": entries}), EMPTY)
    assert [(obj.id, obj.name) for obj in project] == [(2, "object 2"), (5, "object 5")]
    assert edits.add_object(project).objects[-1].id == 6


def test_masks_are_read_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "masks").mkdir()
    mask = np.zeros(SIZE.hw, np.uint8)
    mask[3:9, 4:20] = 255
    cv2.imwrite(str(tmp_path / "masks" / "m.png"), mask)
    path = _write(tmp_path, {"frame": 2, "type": "mask", "path": "masks/m.png"})
    prompt = read_prompts(path, EMPTY).find(ONE).prompts[0]
    assert prompt.frame == 2
    assert np.array_equal(decode_mask(prompt.png, SIZE) > 0.5, mask > 0)


@table("data", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b"{'objects': 1}"])
def test_what_is_not_json_is_refused(tmp_path: Path, data) -> None:
    (tmp_path / "p.json").write_bytes(data)
    assert "not valid JSON" in _said(tmp_path / "p.json")


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    assert "missing" in _said(tmp_path / "none.json")
    assert "cannot be read" in _said(tmp_path)


@table("record", [[], {}, None, 5, {"objects": []}, {"objects": {"id": 1}}])
def test_a_file_without_objects_says_what_is_wanted(tmp_path: Path, record) -> None:
    assert '{"objects": [...]}' in _said(_write_record(tmp_path, record))


@table(
    ("prompt", "part"),
    [
        ({**POINT, "frame": 12}, "frames 0 to 11"),
        ({**POINT, "frame": -1}, "frames 0 to 11"),
        ({**POINT, "frame": 1.5}, "whole number"),
        ({**POINT, "frame": True}, "whole number"),
        ({**POINT, "xy": [64.5, 3]}, "outside the frame, which is 64 x 48"),
        ({**POINT, "xy": [3]}, "2 numbers"),
        ({**POINT, "xy": "ab"}, "2 numbers"),
        ({**POINT, "xy": ["3", 4]}, "'3'"),
        ({**POINT, "xy": [True, 4]}, "True"),
        ({**POINT, "xy": [float("nan"), 4]}, "nan"),
        ({**POINT, "xy": [4, float("inf")]}, "inf"),
        ({**POINT, "xy": [10**400, 4]}, "wrong kind"),
        ({**POINT, "label": 2}, "2"),
        ({**POINT, "label": "fg"}, "whole number"),
        ({**POINT, "type": "lasso"}, "point, box, mask or text"),
        ({"frame": 0, "type": "text", "text": 3}, "words in quotes"),
        ({"frame": 0, "type": "text", "text": " "}, "name the object"),
        ({"frame": 0, "type": "text"}, "'text' is missing"),
        ({"frame": 0, "type": "point"}, "'xy' is missing"),
        ({"frame": 0, "xy": [1, 2]}, "'type' is missing"),
        ({"type": "point", "xy": [1, 2]}, "'frame' is missing"),
        ({**BOX, "xyxy": [40, 12, 10, 36]}, "inverted"),
        ({**BOX, "xyxy": [10, 12, 10, 36]}, "inverted or empty"),
        ({**BOX, "xyxy": [10, 12, 40]}, "4 numbers"),
        ({"frame": 0, "type": "mask", "path": "none.png"}, "none.png"),
        ({"frame": 0, "type": "mask", "path": "\0"}, "object 1"),
        ({"frame": 0, "type": "mask"}, "'path' is missing"),
        ("box", "wrong kind"),
        (None, "wrong kind"),
    ],
)
def test_bad_prompts_are_refused_with_their_place(tmp_path: Path, prompt, part) -> None:
    assert part in _said(_write(tmp_path, BOX, prompt))


@table(
    "entry",
    [
        {"prompts": [POINT]},
        {"id": 0, "prompts": [POINT]},
        {"id": "1", "prompts": [POINT]},
        {"id": 1},
        {"id": 1, "prompts": []},
        {"id": 1, "prompts": POINT},
        {"id": 1, "name": "../x", "prompts": [POINT]},
        {"id": 1, "name": "", "prompts": [POINT]},
        {"id": 1, "name": "\ud800", "prompts": [POINT]},
        5,
        None,
    ],
)
def test_bad_objects_are_refused_with_their_number(tmp_path: Path, entry) -> None:
    good = {"id": 7, "prompts": [POINT]}
    assert "object 2" in _said(_write_record(tmp_path, {"objects": [good, entry]}))


@table("name", ["dog", "DOG"])
def test_two_objects_of_one_name_are_refused(tmp_path: Path, name) -> None:
    entries = [
        {"id": ONE, "name": "dog", "prompts": [POINT]},
        {"id": TWO, "name": name, "prompts": [POINT]},
    ]
    assert "name" in _said(_write_record(tmp_path, {"objects": entries}))
    entries[1] = {"id": ONE, "name": "cat", "prompts": [POINT]}
    assert "id '1'" in _said(_write_record(tmp_path, {"objects": entries}))


@table(("shape", "value", "said"), [((48, 64), 0, "all black"), ((10, 20), 255, "20 x 10")])
def test_masks_that_do_not_fit_are_refused(tmp_path: Path, shape, value, said) -> None:
    cv2.imwrite(str(tmp_path / "m.png"), np.full(shape, value, np.uint8))
    assert said in _said(_write(tmp_path, {"frame": 0, "type": "mask", "path": "m.png"}))


def test_a_mask_that_is_no_image_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.png").write_text("hello")
    assert "m.png" in _said(_write(tmp_path, {"frame": 0, "type": "mask", "path": "m.png"}))


def test_prompts_need_a_clip(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No clip"):
        read_prompts(_write(tmp_path, POINT), Project())
