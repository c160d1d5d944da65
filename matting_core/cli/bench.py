"""`wisp bench`: measures the models on test data.

`tracking` and `photos` take data in the layouts of DAVIS and alphamatting.com; `quality`, which
compares ways to matte, has a file of its own.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from matting_core.cli import quality
from matting_core.cli.licences import agree_to_licences
from matting_core.cli.matting import clip_of
from matting_core.cli.terminal import say
from matting_core.document import edits
from matting_core.document.project import Project, Settings
from matting_core.document.prompts import BoxPrompt, MaskPrompt, Prompt
from matting_core.errors import InputError
from matting_core.evaluation.tracking import (
    BAD_BELOW,
    DoubtCounts,
    Truth,
    measure_gains,
    track_clip,
    track_corrected,
)
from matting_core.media.masks import encode_mask
from matting_core.media.opening import open_source
from matting_core.media.source import FrameSource
from matting_core.media.stills import read_mask_image
from matting_core.metrics.alpha import mean_absolute_difference
from matting_core.models.registry import head_spec, tracker_spec
from matting_core.models.session import Session
from matting_core.results.service import ResultService
from matting_core.results.store import MatteCache
from matting_core.types import DeviceChoice, ObjectId, Quality

Row = Mapping[str, float]
"""What was measured on one sequence or photo, by column."""

_FIRST = ObjectId(1)
_INSIDE = 0.5
_COUNTS = ("bad", "doubted", "both", "at")
"""Columns of a clip's row that have no mean: counts of frames, and the corrected frame."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    subs = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    tracking = subs.add_parser("tracking", help="J and doubtful frames on DAVIS data")
    _add_measure(tracking)
    tracking.add_argument(
        "--correct", action="store_true", help="then draw a box on each worst frame, track again"
    )
    _add_measure(subs.add_parser("photos", help="MAD on alphamatting.com data"))
    quality.add_arguments(subs.add_parser("quality", help="compare ways to matte on all test sets"))


def _add_measure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", required=True, metavar="DIR", help="the data set's folder")
    parser.add_argument("--tracker", default=Settings().tracker, metavar="ID")
    parser.add_argument("--head", default=Settings().head, metavar="ID")
    parser.add_argument("--quality", choices=[str(q) for q in Quality], default="fast")
    parser.add_argument("--device", choices=[str(d) for d in DeviceChoice], default="auto")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure and print a row per sequence or photo, then the mean."""
    data = Path(args.data)
    measure = tracking_rows if args.what == "tracking" else photo_rows
    rows = {}
    for name, row in measure(args, data):
        rows[name] = row
        if not args.json:
            _say_row(name, row)
    if not rows:
        raise InputError(f"{data} holds no test data; give the folder with its images.")
    mean, median = (_summary(rows.values(), how) for how in (np.mean, np.median))
    doubt = _all_doubt(rows.values()) if args.what == "tracking" else None
    if args.json:
        _say_json(rows, mean, median, doubt)
        return 0
    _say_row("mean", mean)
    _say_row("median", median)
    if doubt is not None:
        say(_doubt_line(doubt))
    return 0


def _summary(
    rows: Iterable[Row], how: Callable[[Sequence[float]], np.floating[Any]]
) -> dict[str, float]:
    """One number for each column that is a measurement, over the rows that have it."""
    columns: dict[str, list[float]] = {}
    for row in rows:
        for column, value in row.items():
            if column not in _COUNTS:
                columns.setdefault(column, []).append(value)
    return {column: round(float(how(values)), 4) for column, values in columns.items()}


def _all_doubt(rows: Iterable[Row]) -> DoubtCounts:
    parts = [(int(row["bad"]), int(row["doubted"]), int(row["both"])) for row in rows]
    return DoubtCounts(*(sum(part) for part in zip(*parts, strict=True)))


def _say_json(rows: Mapping[str, Row], mean: Row, median: Row, doubt: DoubtCounts | None) -> None:
    result: dict[str, object] = {"mean": mean, "median": median, "rows": rows}
    if doubt is not None:
        shares = {"recall": round(doubt.recall, 4), "precision": round(doubt.precision, 4)}
        result["doubt"] = {**asdict(doubt), **shares}
    say(json.dumps(result))


def _say_row(name: str, row: Row) -> None:
    cells = (
        f"  {column} {value:8.0f}" if column in _COUNTS else f"  {column} {value:8.3f}"
        for column, value in row.items()
    )
    say(f"{name:24}" + "".join(cells))


def _doubt_line(doubt: DoubtCounts) -> str:
    return (
        f"{'doubt':24}  recall {doubt.recall:.3f} ({doubt.both} of {doubt.bad} frames with "
        f"J < {BAD_BELOW} are doubted)  precision {doubt.precision:.3f} ({doubt.both} of "
        f"{doubt.doubted} doubted frames have J < {BAD_BELOW})"
    )


def tracking_rows(args: argparse.Namespace, data: Path) -> Iterable[tuple[str, Row]]:
    """J of each DAVIS sequence, its first mask given; the first frame does not count."""
    for folder in sorted((data / "JPEGImages").glob("*")):
        masks = sorted((data / "Annotations" / folder.name).glob("*.png"))
        truth = [read_mask_image(path) > 0 for path in masks]
        with closing(open_source(folder)) as source:
            first = MaskPrompt(0, encode_mask(truth[0].astype(np.float32)))
            project = _project(args, source, first, head="mask")
            with Session.open(project.settings, source, DeviceChoice(args.device)) as session:
                yield folder.name, _tracking_row(session, truth, first, args.correct)


def _tracking_row(session: Session, truth: Truth, first: Prompt, correcting: bool) -> Row:
    tracker, spec = session.tracker, tracker_spec(session.settings.tracker)
    run = track_clip(tracker, truth, [first])
    doubt = DoubtCounts.count([run], spec.doubtful_below)
    row = {
        "J": run.mean,
        "s/frame": run.seconds,
        "bad": doubt.bad,
        "doubted": doubt.doubted,
        "both": doubt.both,
    }
    corrected = track_corrected(tracker, truth, run) if correcting else None
    if corrected is not None:
        earlier, later = measure_gains(run, corrected)
        row |= {
            "at": corrected.prompts[-1].frame,
            "corrected": corrected.mean,
            "left": earlier,
            "right": later,
        }
    return {column: round(value, 4) for column, value in row.items()}


def photo_rows(args: argparse.Namespace, data: Path) -> Iterable[tuple[str, Row]]:
    """MAD of each photo, prompted with the bounds of its true alpha's opaque part."""
    for path in sorted((data / "image").glob("*")):
        truth = read_mask_image(data / "alpha" / f"{path.stem}.png")
        with closing(open_source(path)) as source:
            project = _project(args, source, BoxPrompt(0, _bounds(truth)), head=args.head)
            results = ResultService(MatteCache())
            with Session.open(project.settings, source, DeviceChoice(args.device)) as session:
                began = time.perf_counter()
                matte = results.preview(project, _FIRST, 0, session).matte
        spent = time.perf_counter() - began
        mad = mean_absolute_difference(matte.alpha, truth)
        yield path.stem, {"MAD": round(mad, 3), "s/frame": round(spent, 3)}


def _project(args: argparse.Namespace, source: FrameSource, prompt: Prompt, head: str) -> Project:
    settings = Settings(args.tracker, head_spec(head).id, Quality(args.quality))
    agree_to_licences(settings)
    project = edits.set_clip(Project(settings=settings), clip_of(source, source.path))
    return edits.add_prompts(edits.add_object(project), _FIRST, [prompt])


def _bounds(
    alpha: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
) -> tuple[float, float, float, float]:
    inside = alpha > _INSIDE
    ys, xs = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    return float(xs[0]), float(ys[0]), float(xs[-1] + 1), float(ys[-1] + 1)
