"""The prompt file of the command line (`P.json`): reading it into a project, and writing one."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from matting_core.document import edits
from matting_core.document.project import MatteObject, Project
from matting_core.document.prompts import (
    BoxPrompt,
    Label,
    MaskPrompt,
    PointPrompt,
    Prompt,
    TextPrompt,
)
from matting_core.errors import InputError, MattingError
from matting_core.media.masks import load_mask_png
from matting_core.types import ObjectId, Size

Record = dict[str, Any]


def read_prompts(path: Path, project: Project) -> Project:
    """Return `project` with the objects of a prompt file instead of its own.

    Every prompt is checked against the project's clip.

    Raises:
        InputError: the file is missing or damaged, or a prompt does not fit the clip.
    """
    if project.clip is None:
        raise InputError("No clip is open; open one before reading prompts.")
    entries = _read_entries(path)
    objects = []
    for number, entry in enumerate(entries, start=1):
        where = f"{path}, object {number}"
        try:
            objects.append(_read_object(entry, path.parent, project.clip.size))
        except MattingError as error:
            raise InputError(f"{where}: {error}") from error
        except KeyError as error:
            raise InputError(f"{where}: {error} is missing.") from error
        except (TypeError, ValueError, OverflowError) as error:
            raise InputError(f"{where}: a value is of the wrong kind ({error}).") from error
    return _with_objects(project, objects, path)


def _read_entries(path: Path) -> list[Record]:
    try:
        record = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise InputError(f"The prompt file {path} is missing; check its name.") from None
    except OSError as error:
        raise InputError(f"The prompt file {path} cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"The prompt file {path} is not valid JSON ({error}).") from None
    entries = record.get("objects") if isinstance(record, dict) else None
    if not isinstance(entries, list) or not entries:
        raise InputError(f'The prompt file {path} names no objects; give {{"objects": [...]}}.')
    return entries


def _read_object(entry: Record, folder: Path, size: Size) -> MatteObject:
    if not isinstance(entry, dict):
        raise InputError("an object is a record with id, name and prompts.")
    object_id = _read_whole(entry["id"], "id")
    prompts = entry.get("prompts")
    if not isinstance(prompts, list) or not prompts:
        raise InputError("it has no prompts; give at least one point, box, mask or text.")
    return MatteObject(
        id=ObjectId(object_id),
        name=str(entry.get("name", f"object {object_id}")),
        color="#e69f00",
        prompts=tuple(_read_prompt(prompt, folder, size) for prompt in prompts),
    )


def _read_prompt(record: Record, folder: Path, size: Size) -> Prompt:
    frame = _read_whole(record["frame"], "frame")
    match record["type"]:
        case "point":
            x, y = _read_numbers(record["xy"], 2)
            return PointPrompt(frame, (x, y), Label(_read_whole(record.get("label", 1), "label")))
        case "box":
            x0, y0, x1, y1 = _read_numbers(record["xyxy"], 4)
            return BoxPrompt(frame, (x0, y0, x1, y1))
        case "mask":
            return MaskPrompt(frame, load_mask_png(folder / str(record["path"]), size))
        case "text":
            return TextPrompt(frame, _read_text(record["text"]))
        case other:
            raise InputError(f"'{other}' is not a prompt type; use point, box, mask or text.")


def _read_whole(value: object, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{what} is {value!r}, but must be a whole number.")
    return value


def _read_text(value: object) -> str:
    if not isinstance(value, str):
        raise InputError(f"text is {value!r}, but must be words in quotes.")
    return value.strip()


def _read_numbers(values: object, count: int) -> list[float]:
    if not isinstance(values, list) or len(values) != count:
        raise InputError(f"{values!r} must be a list of {count} numbers.")
    for value in values:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            raise InputError(f"{value!r} in a prompt is not a number.")
    return [float(value) for value in values]


def _with_objects(project: Project, objects: list[MatteObject], path: Path) -> Project:
    try:
        result = Project(clip=project.clip, settings=project.settings)
        for obj in sorted(objects, key=lambda each: each.id):
            result = edits.insert_object(result, obj)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    return result
