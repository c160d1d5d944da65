"""The commands themselves: each turns parsed arguments into work and a result on stdout."""

from __future__ import annotations

import argparse
import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from matting_core.cli.licences import agree_to_licences
from matting_core.cli.matting import Report, clip_of, make_mattes
from matting_core.cli.terminal import complain, say
from matting_core.document import edits, storage
from matting_core.document.project import Project, Settings
from matting_core.document.prompt_file import read_prompts
from matting_core.document.prompts import TextPrompt
from matting_core.errors import ExportError, InputError
from matting_core.export.formats import export_format
from matting_core.export.run import ExportRequest
from matting_core.files import write_bytes_atomically
from matting_core.media.color import to_display
from matting_core.media.opening import open_source
from matting_core.media.source import FrameSource
from matting_core.media.stills import read_mask_image
from matting_core.models.registry import check_prompt_kinds, head_spec, tracker_spec
from matting_core.resources import resource_path
from matting_core.types import DeviceChoice, Frame8, FrameRange, Plane, Quality

DEMO_CLIP = "demo/bigbuckbunny.mp4"
DEMO_PROMPTS = "demo/prompts.json"


def matte(args: argparse.Namespace) -> int:
    """`wisp matte`: clip and prompts to a PNG sequence."""
    with closing(open_source(args.clip)) as source:
        project = _new_project(source, args.clip, _settings(args))
        request = _request(args, source)
        if args.text is None:
            project = read_prompts(Path(args.prompts), project)
        else:
            project = _add_named(project, TextPrompt(request.frames.start, args.text.strip()))
        agree_to_licences(project.settings)
        report = make_mattes(project, source, request, DeviceChoice(args.device))
    _tell(report, as_json=args.json)
    return 0


def export(args: argparse.Namespace) -> int:
    """`wisp export`: a project's objects to a PNG sequence, computing what is missing."""
    project = storage.load(Path(args.project))
    if project.clip is None:
        raise InputError(f"{args.project} has no clip; open it in the editor and choose one.")
    with closing(open_source(project.clip.path)) as source:
        if source.fingerprint != project.clip.fingerprint:
            raise InputError(
                f"{project.clip.path} is not the clip that {args.project} was made with; "
                "put the right one back."
            )
        project = replace(project, settings=_settings(args, project.settings))
        request = _request(args, source, project.work_range)
        agree_to_licences(project.settings)
        report = make_mattes(project, source, request, DeviceChoice(args.device))
    _tell(report, as_json=args.json)
    return 0


def demo(args: argparse.Namespace) -> int:
    """`wisp demo`: the bundled clip and prompt, with a contact sheet."""
    out = Path(args.out)
    path = str(resource_path(DEMO_CLIP))
    with closing(open_source(path)) as source:
        project = read_prompts(resource_path(DEMO_PROMPTS), _new_project(source, path, Settings()))
        request = ExportRequest(out, FrameRange(0, len(source)))
        if not args.json:
            complain(f"matting {len(source)} frames of the demo clip into {out} ...")
        report = make_mattes(project, source, request, DeviceChoice(args.device))
        sheet = write_contact_sheet(source, out)
    _tell(report, as_json=args.json)
    if not args.json:
        say(f"alphas: {out}/alpha_000000.png ...  contact sheet: {sheet}")
    return 0


def _new_project(source: FrameSource, path: str, settings: Settings) -> Project:
    project = edits.set_clip(Project(), clip_of(source, path))
    return edits.set_settings(project, settings)


def _add_named(project: Project, prompt: TextPrompt) -> Project:
    project = edits.add_object(project)
    project = edits.add_prompts(project, project.objects[0].id, (prompt,))
    check_prompt_kinds(tracker_spec(project.settings.tracker), (prompt,))
    return project


def _settings(args: argparse.Namespace, base: Settings | None = None) -> Settings:
    settings = base or Settings()
    return Settings(
        tracker=tracker_spec(args.tracker or settings.tracker).id,
        head=head_spec(args.head or settings.head).id,
        quality=Quality(args.quality) if args.quality else settings.quality,
    )


def _request(
    args: argparse.Namespace, source: FrameSource, otherwise: FrameRange | None = None
) -> ExportRequest:
    whole = otherwise or FrameRange(0, len(source))
    spec = export_format(args.format)
    return ExportRequest(
        folder=Path(args.out),
        frames=FrameRange.parse(args.frames, len(source)) if args.frames else whole,
        spec=spec,
        options=spec.parse_options(vars(args)),
        overwrite=args.overwrite,
    )


def _tell(report: Report, *, as_json: bool) -> None:
    for name, frames in report.lost.items():
        complain(
            f"{name} was not found on {len(frames)} frames (first: {frames[0]}); "
            "add a prompt there and run it again."
        )
    for name, frames in report.doubtful.items():
        complain(
            f"the tracker doubts {name} on {len(frames)} frames (first: {frames[0]}); "
            "look at them, add a prompt where they are wrong and run it again."
        )
    say(json.dumps(report.as_json()) if as_json else report.as_line())


_BACKGROUND = (214, 40, 140)
_COLUMNS, _ROWS = 4, 3
_WIDTH = 480


def composite_over_color(
    rgb: Frame8, alpha: Plane, color: tuple[int, int, int] = _BACKGROUND
) -> Frame8:
    """Put (H, W, 3) uint8 over a colour by (H, W) alpha in [0, 1], in display values."""
    cover = alpha[..., None]
    mixed = rgb * cover + np.array(color, np.float32) * (1 - cover)
    return np.asarray(np.rint(mixed), np.uint8)


def write_contact_sheet(source: FrameSource, folder: Path) -> Path:
    """Write `contact_sheet.png` from the alphas in `folder` and return its path.

    Raises:
        ExportError: it cannot be written.
    """
    count = min(_COLUMNS * _ROWS, len(source))
    frames = np.linspace(0, len(source) - 1, count).round().astype(int)
    height = round(_WIDTH * source.size.height / source.size.width)
    cells = []
    for frame in frames:
        rgb = to_display(source.read(int(frame)), source.transfer)
        alpha = read_mask_image(folder / f"alpha_{frame:06d}.png")
        cell = cv2.resize(
            composite_over_color(rgb, alpha), (_WIDTH, height), interpolation=cv2.INTER_AREA
        )
        cv2.putText(cell, str(frame), (8, 24), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255,) * 3, 1)
        cells.append(cell)
    cells += [np.zeros_like(cells[0])] * (-len(cells) % _COLUMNS)
    rows = [np.hstack(cells[i : i + _COLUMNS]) for i in range(0, len(cells), _COLUMNS)]
    ok, data = cv2.imencode(".png", np.vstack(rows)[..., ::-1])
    if not ok:
        raise ExportError("The contact sheet could not be encoded.")
    path = folder / "contact_sheet.png"
    write_bytes_atomically(path, data.tobytes())
    return path
