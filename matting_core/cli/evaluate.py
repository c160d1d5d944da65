"""`wisp eval`: how far a folder of mattes is from the truth, as numbers and as a page."""

from __future__ import annotations

import argparse
import json
from contextlib import closing, nullcontext
from pathlib import Path

from matting_core.cli.terminal import ProgressBar, say
from matting_core.errors import InputError
from matting_core.evaluation.folders import FramePair, match_folders
from matting_core.evaluation.pictures import InputPictures
from matting_core.evaluation.report import ReportTitle, html_report
from matting_core.evaluation.runner import Evaluation, evaluate
from matting_core.files import make_folder, write_bytes_atomically
from matting_core.metrics.names import DEFAULT_METRICS, Metric, MetricValues, parse_metrics


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("--pred", required=True, metavar="DIR", help="the mattes; subfolders too")
    parser.add_argument(
        "--gt", required=True, metavar="DIR", help="the truth, under the same names"
    )
    parser.add_argument(
        "--metrics",
        default=",".join(DEFAULT_METRICS),
        metavar="A,B",
        help=f"which of {', '.join(Metric)} (default: %(default)s)",
    )
    parser.add_argument(
        "--trimap", metavar="DIR", help="measure inside the unknown band too (mad_band, ...)"
    )
    parser.add_argument("--input", metavar="CLIP|DIR", help="the frames, for the report's pictures")
    parser.add_argument(
        "--report", metavar="FILE.html", help="write a page with pictures and graphs"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Compare the folders, print the means, and write the report."""
    metrics = parse_metrics(args.metrics)
    if args.input and not args.report:
        raise InputError("--input is for the report's pictures; give --report FILE.html too.")
    if args.report and Path(args.report).is_dir():
        raise InputError(f"{args.report} is a folder; give the report a file name.")
    pairs = match_folders(
        Path(args.pred), Path(args.gt), Path(args.trimap) if args.trimap else None
    )
    inputs = InputPictures(Path(args.input)) if args.input else None
    with closing(ProgressBar()) as bar, inputs or nullcontext():
        evaluation = evaluate(pairs, metrics, bar.show)
        if args.report:
            page = html_report(ReportTitle(args.pred, args.gt), pairs, evaluation, inputs, bar.show)
            _write(Path(args.report), page)
    if args.json:
        say(json.dumps(evaluation.as_json()))
    else:
        _tell(pairs, evaluation)
        if args.report:
            say(f"report: {args.report}")
    return 0


def _write(path: Path, page: str) -> None:
    make_folder(path.parent)
    write_bytes_atomically(path, page.encode())


def _tell(pairs: tuple[FramePair, ...], evaluation: Evaluation) -> None:
    if len(evaluation.objects) > 1:
        for folder, row in evaluation.objects.items():
            _say_row(folder or "(top)", row)
    _say_row(f"mean of {len(pairs)}", evaluation.mean)


def _say_row(name: str, row: MetricValues) -> None:
    values = (
        f"  {column} {'-':>8}" if value is None else f"  {column} {value:8.3f}"
        for column, value in row.items()
    )
    say(f"{name:24}" + "".join(values))
