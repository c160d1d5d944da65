"""Project files: versioned JSON, written whole or not at all."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from matting_core.document import edits
from matting_core.document.finishing_records import decode_finishing, encode_finishing
from matting_core.document.migrations import CURRENT_VERSION, upgrade
from matting_core.document.project import Clip, MatteObject, Project, Settings, SpanLock
from matting_core.document.prompts import (
    BoxPrompt,
    Label,
    MaskPrompt,
    PointPrompt,
    Prompt,
    TextPrompt,
    check_prompt,
)
from matting_core.document.refine import RefineStrokes
from matting_core.errors import InputError, MattingError, ProjectFileError
from matting_core.files import write_bytes_atomically
from matting_core.media.sequence import is_pattern
from matting_core.types import FrameRange, ObjectId, Quality, Size

FORMAT = "wisp-project"
SUFFIX = ".wisp"
_NOTES = "notes"
_HEADER_BYTES = 4096
"""First bytes of a file in which a project's format is named."""
Record = dict[str, Any]


def save(project: Project, path: Path, notes: Record | None = None) -> None:
    """Write the project to `path`: temporary name, flushed, then renamed.

    The clip's path is also stored relative to the file, so that a folder moved as a whole opens.

    Args:
        project: what to write.
        path: its file.
        notes: more values to keep in the file, for `read_notes`; plain JSON.

    Raises:
        ExportError: the file cannot be written; what was there before is untouched.
    """
    write_bytes_atomically(path, encode(project, path, notes))


def encode(project: Project, path: Path, notes: Record | None = None) -> bytes:
    """Return the bytes of the file that `save` writes."""
    record = _project_record(project, path)
    if notes is not None:
        record[_NOTES] = notes
    text = json.dumps(record, indent=1, ensure_ascii=False)
    # Linux paths may hold bytes that are no UTF-8, in Python lone surrogates; JSON keeps those.
    return text.encode(errors="surrogatepass")


def load(path: Path, home: Path | None = None) -> Project:
    """Read a project, upgrading older formats.

    Args:
        path: its file.
        home: where its clip's relative path starts; by default the file's own folder.

    Raises:
        ProjectFileError: missing, damaged, not a project, or written by a newer Wisp.
    """
    record = _read_record(path)
    try:
        return _read_project(upgrade(record), path.absolute().parent if home is None else home)
    except ProjectFileError:
        raise
    except MattingError as error:
        raise ProjectFileError(f"{path} is damaged: {error}") from error
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise ProjectFileError(f"{path} is damaged near {error}; open a backup.") from error


def is_project_file(path: Path) -> bool:
    """Whether a file says that it is a project, whatever its name, and even if it is damaged."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return f'"{FORMAT}"'.encode() in file.read(_HEADER_BYTES)
    except (OSError, ValueError):  # it may not be read, or its name holds a zero byte
        return False


def with_suffix(path: Path) -> Path:
    """The path with a project's suffix behind it, if that is missing.

    >>> with_suffix(Path("shot.v2")).name, with_suffix(Path("shot.wisp")).name
    ('shot.v2.wisp', 'shot.wisp')
    """
    has_it = path.suffix.casefold() == SUFFIX
    return path if has_it else path.with_name(path.name + SUFFIX)


def read_notes(path: Path) -> Record:
    """Return the notes that `save` kept beside the project; empty without any.

    Raises:
        ProjectFileError: missing, damaged, or not a project.
    """
    notes = _read_record(path).get(_NOTES)
    return notes if isinstance(notes, dict) else {}


def clip_places(path: Path, home: Path | None = None) -> tuple[str, ...]:
    """List places of a project's clip, best first: its own, the relative one, beside the file.

    Args:
        path: the project's file.
        home: the folder that counts as the file's own, see `load`.

    Raises:
        ProjectFileError: missing, damaged, or not a project.
    """
    clip = _read_record(path).get("clip")
    if not isinstance(clip, dict):
        return ()
    own, relative = str(clip.get("path", "")), str(clip.get("relative_path", ""))
    home = path.absolute().parent if home is None else home
    name = re.split(r"[\\/]", own)[-1]  # a project of Windows may be opened on Linux
    places = (own, os.path.normpath(home / relative), str(home / name))
    return tuple(dict.fromkeys(place for place in places if _is_there(Path(place))))


def _read_record(path: Path) -> Record:
    try:
        record = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise ProjectFileError(f"{path} is not there any more; choose another project.") from None
    except OSError as error:
        raise ProjectFileError(f"{path} could not be read ({error.strerror}).") from error
    except (ValueError, RecursionError):
        raise ProjectFileError(f"{path} is damaged: it is not JSON; open a backup.") from None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ProjectFileError(f"{path} is not a Wisp project.")
    return record


def _project_record(project: Project, path: Path) -> Record:
    settings = project.settings
    span = project.work_range
    return {
        "format": FORMAT,
        "version": CURRENT_VERSION,
        "clip": None if project.clip is None else _clip_record(project.clip, path),
        "settings": _settings_record(settings),
        "work_range": None if span is None else _span_record(span),
        "next_id": project.next_id,
        "share_alpha": project.share_alpha,
        "objects": [_object_record(obj) for obj in project],
    }


def _settings_record(settings: Settings) -> Record:
    return {
        "tracker": settings.tracker,
        "head": settings.head,
        "quality": settings.quality.value,
    }


def _span_record(span: FrameRange) -> list[int]:
    return [span.start, span.stop]


def _clip_record(clip: Clip, path: Path) -> Record:
    try:
        relative = os.path.relpath(clip.path, path.absolute().parent)
    except ValueError:  # another drive on Windows
        relative = clip.path
    return {
        "path": clip.path,
        "relative_path": Path(relative).as_posix(),
        "fingerprint": clip.fingerprint,
        "size": [clip.size.width, clip.size.height],
        "length": clip.length,
        "rate": [clip.rate.numerator, clip.rate.denominator],
    }


def _object_record(obj: MatteObject) -> Record:
    return {
        "id": obj.id,
        "name": obj.name,
        "color": obj.color,
        "visible": obj.visible,
        "locked": obj.locked,
        "kept": None if obj.locked_settings is None else _settings_record(obj.locked_settings),
        "finishing": encode_finishing(obj.finishing),
        "prompts": [_prompt_record(prompt) for prompt in obj.prompts],
        "held": [_lock_record(held) for held in obj.locks],
        "absent": [_span_record(span) for span in obj.absent],
        "strokes": [_strokes_record(strokes) for strokes in obj.strokes],
    }


def _lock_record(held: SpanLock) -> Record:
    return {
        "span": _span_record(held.span),
        "prompts": [_prompt_record(prompt) for prompt in held.prompts],
        "settings": _settings_record(held.settings),
        "finishing": encode_finishing(held.finishing),
    }


def _strokes_record(strokes: RefineStrokes) -> Record:
    return {"frame": strokes.frame, "png": base64.b64encode(strokes.png).decode()}


def _prompt_record(prompt: Prompt) -> Record:
    match prompt:
        case PointPrompt(frame, xy, label):
            return {"frame": frame, "type": "point", "xy": list(xy), "label": int(label)}
        case BoxPrompt(frame, xyxy):
            return {"frame": frame, "type": "box", "xyxy": list(xyxy)}
        case MaskPrompt(frame, png):
            return {"frame": frame, "type": "mask", "png": base64.b64encode(png).decode()}
        case TextPrompt(frame, text):
            return {"frame": frame, "type": "text", "text": text}


def _read_project(record: Record, home: Path) -> Project:
    clip = None if record["clip"] is None else _read_clip(record["clip"], home)
    span = record["work_range"]
    objects = tuple(_read_object(entry) for entry in record["objects"])
    if clip is not None:
        for obj in objects:
            _check_fits(obj, clip)
    project = Project(
        clip=clip,
        objects=objects,
        settings=_read_settings(record["settings"]),
        next_id=max([int(record["next_id"]), *(obj.id + 1 for obj in objects)]),
        share_alpha=bool(record["share_alpha"]),
    )
    work_range = None if span is None else _read_span(span)
    return edits.set_work_range(project, work_range)


def _check_fits(obj: MatteObject, clip: Clip) -> None:
    for prompts in (obj.prompts, *(held.prompts for held in obj.locks)):
        for prompt in prompts:
            check_prompt(prompt, clip.size, clip.length)
    for span in (*(held.span for held in obj.locks), *obj.absent):
        if span.stop > clip.length:
            raise InputError(f"a span of {obj.name} leaves the clip of {clip.length} frames.")
    for strokes in obj.strokes:
        if strokes.frame >= clip.length:
            raise InputError(f"strokes of {obj.name} are on frame {strokes.frame}.")


def _read_settings(record: Record) -> Settings:
    return Settings(str(record["tracker"]), str(record["head"]), Quality(record["quality"]))


def _read_span(record: list[Any]) -> FrameRange:
    start, stop = record
    return FrameRange(int(start), int(stop))


def _read_clip(record: Record, home: Path) -> Clip:
    beside = home / record["relative_path"]
    moved = not _is_there(Path(record["path"])) and _is_there(beside)
    return Clip(
        path=os.path.normpath(beside) if moved else str(record["path"]),
        fingerprint=str(record["fingerprint"]),
        size=Size(int(record["size"][0]), int(record["size"][1])),
        length=int(record["length"]),
        rate=Fraction(int(record["rate"][0]), int(record["rate"][1])),
    )


def _is_there(path: Path) -> bool:
    """Whether a clip may be found at a path; for a pattern, whether its folder exists."""
    try:
        return (path.parent if is_pattern(path) else path).exists()
    except (OSError, ValueError):  # a name that is too long, or holds a zero byte
        return False


def _read_object(record: Record) -> MatteObject:
    return MatteObject(
        id=ObjectId(int(record["id"])),
        name=str(record["name"]),
        color=str(record["color"]),
        visible=bool(record["visible"]),
        prompts=_read_prompts(record["prompts"]),
        locks=tuple(_read_lock(entry) for entry in record["held"]),
        absent=tuple(_read_span(entry) for entry in record["absent"]),
        locked=bool(record["locked"]),
        locked_settings=None if record["kept"] is None else _read_settings(record["kept"]),
        finishing=decode_finishing(record["finishing"]),
        strokes=tuple(_read_strokes(entry) for entry in record["strokes"]),
    )


def _read_strokes(record: Record) -> RefineStrokes:
    return RefineStrokes(int(record["frame"]), base64.b64decode(record["png"], validate=True))


def _read_lock(record: Record) -> SpanLock:
    return SpanLock(
        _read_span(record["span"]),
        _read_prompts(record["prompts"]),
        _read_settings(record["settings"]),
        decode_finishing(record["finishing"]),
    )


def _read_prompts(records: list[Record]) -> tuple[Prompt, ...]:
    return tuple(_PROMPTS[record["type"]](record) for record in records)


def _read_point(record: Record) -> Prompt:
    x, y = record["xy"]
    return PointPrompt(int(record["frame"]), (float(x), float(y)), Label(record["label"]))


def _read_box(record: Record) -> Prompt:
    x0, y0, x1, y1 = (float(value) for value in record["xyxy"])
    return BoxPrompt(int(record["frame"]), (x0, y0, x1, y1))


def _read_mask(record: Record) -> Prompt:
    return MaskPrompt(int(record["frame"]), base64.b64decode(record["png"], validate=True))


def _read_text(record: Record) -> Prompt:
    return TextPrompt(int(record["frame"]), str(record["text"]))


_PROMPTS: Mapping[str, Callable[[Record], Prompt]] = {
    "point": _read_point,
    "box": _read_box,
    "mask": _read_mask,
    "text": _read_text,
}
