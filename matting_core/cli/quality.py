"""`wisp bench quality`: all methods on all test sets, as tables, numbers and pictures."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from matting_core.cli.licences import agree_to_licences
from matting_core.cli.terminal import ProgressBar, say
from matting_core.document.project import Settings
from matting_core.errors import InputError
from matting_core.evaluation.quality.cases import CaseSet
from matting_core.evaluation.quality.methods import Method, all_methods, pick_methods
from matting_core.evaluation.quality.results import ScoreCollector, SetScore
from matting_core.evaluation.quality.runner import Runner, Step
from matting_core.evaluation.quality.sets import DEFAULT_SETS, SETS, SetOpener, open_sets
from matting_core.evaluation.quality.sheets import write_sheet
from matting_core.evaluation.quality.table import (
    LEGEND,
    Conditions,
    as_json,
    as_markdown,
    hash_weights,
    make_tables,
)
from matting_core.files import make_folder, write_bytes_atomically
from matting_core.jobs import Pace
from matting_core.models.encoders import EmbeddedEncoder
from matting_core.models.registry import build_tracker, tracker_spec
from matting_core.models.trackers.sam2_tiny_flow import EMBEDDED_ENCODER
from matting_core.resources import resource_path
from matting_core.types import DeviceChoice, Quality

_ABLATIONS = "ablations"


def _open_rendered(data: Path) -> CaseSet:
    from matting_core.training.validation_set import open_rendered_set

    return open_rendered_set(data)


_SETS: Mapping[str, SetOpener] = {**SETS, "rendered": _open_rendered}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument(
        "--data", required=True, metavar="DIR", help="holds eval/alphamatting, eval/sav_pseudo, ..."
    )
    parser.add_argument(
        "--sets",
        default=",".join(DEFAULT_SETS),
        metavar="A,B",
        help=f"which of {', '.join(_SETS)} (default: %(default)s)",
    )
    parser.add_argument("--rows", metavar="A,B", help="mask, closed-form, wisp, ... (default: all)")
    parser.add_argument("--weights", metavar="FILE", help="take these for wisp, not the shipped")
    parser.add_argument(
        "--ablations", metavar="DIR", help="weights trained otherwise, a row each (default: ours)"
    )
    parser.add_argument("--out", metavar="DIR", help="write quality.json, quality.md and pictures")
    parser.add_argument("--tracker", default=Settings().tracker, metavar="ID")
    parser.add_argument("--quality", choices=[str(q) for q in Quality], default="fast")
    parser.add_argument("--device", choices=[str(d) for d in DeviceChoice], default="auto")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run all rows over all sets; print each set's tables when it is done, and write the files."""
    rows = _rows(args)
    agree_to_licences(Settings(args.tracker))
    sets = open_sets(Path(args.data), _names(args.sets, "set"), _SETS)
    conditions = _conditions(args, rows)
    out = _Output(rows, Path(args.out) if args.out else None)
    scores: list[SetScore] = []
    with _runner(args, rows) as runner:
        for case_set in sets:
            scores.append(_measure(case_set, rows, runner, out))
            out.write_numbers(conditions, scores)
            if not args.json:
                for table in make_tables(scores[-1]):
                    say(f"{table.as_text()}\n")
    say(json.dumps(as_json(conditions, scores)) if args.json else LEGEND)
    return 0


@dataclass(slots=True)
class _Output:
    """Output of `--out`; without it nothing is written.

    Attributes:
        rows: what is run.
        folder: where it goes.
    """

    rows: Sequence[Method]
    folder: Path | None
    _frame: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        # refused now, not after an hour of work
        if self.folder is not None:
            make_folder(self.folder)

    def add(self, case_set: CaseSet, step: Step) -> None:
        """Write a still's sheet when all rows have answered."""
        if self.folder is None or not case_set.still:
            return
        self._frame.append(step)
        if len(self._frame) == len(self.rows):
            folder = self.folder / case_set.name
            make_folder(folder)
            titles = [row.title for row in self.rows]
            write_sheet(folder / f"{step.case}.png", self._frame, titles)
            self._frame.clear()

    def write_numbers(self, conditions: Conditions, scores: Sequence[SetScore]) -> None:
        """Write the sets that are done."""
        if self.folder is None:
            return
        numbers = json.dumps(as_json(conditions, scores), indent=1)
        write_bytes_atomically(self.folder / "quality.json", numbers.encode())
        page = as_markdown(conditions, scores)
        write_bytes_atomically(self.folder / "quality.md", page.encode())


def _measure(case_set: CaseSet, rows: Sequence[Method], runner: Runner, out: _Output) -> SetScore:
    tally = ScoreCollector(rows)
    pace = Pace(case_set.name, case_set.frames * len(rows))
    with closing(ProgressBar()) as bar:
        for step in runner.run(case_set):
            tally.add(step)
            out.add(case_set, step)
            bar.show(pace.advance())
    return tally.compute(case_set)


@contextmanager
def _runner(args: argparse.Namespace, rows: Sequence[Method]) -> Iterator[Runner]:
    device = DeviceChoice(args.device)
    weights = Path(args.weights) if args.weights else None
    heads = {row.name: row.build(device, weights) for row in rows}
    # Every row with a network is a head of ours, whichever weights it takes.
    encoder = (
        None if tracker_spec(args.tracker).encoder == EMBEDDED_ENCODER else EmbeddedEncoder(device)
    )
    with closing(build_tracker(args.tracker, device, Quality(args.quality))) as tracker:
        yield Runner(heads, tracker, encoder)


def _rows(args: argparse.Namespace) -> tuple[Method, ...]:
    rows = all_methods(_ablations(args))
    return rows if args.rows is None else pick_methods(rows, _names(args.rows, "row"))


def _ablations(args: argparse.Namespace) -> Path | None:
    if args.ablations:
        return Path(args.ablations)
    ours = resource_path(_ABLATIONS)
    return ours if ours.is_dir() else None


def _names(text: str, what: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise InputError(f"No {what} is named; give names with commas between them.")
    return names


def _conditions(args: argparse.Namespace, rows: Sequence[Method]) -> Conditions:
    from matting_core.models.devices import choose_device
    from matting_core.models.heads.wisp import MASK_ERROR_WEIGHTS, WEIGHTS
    from matting_core.models.weights import CATALOGUE

    files = []
    if any(row.needs_weights for row in rows):
        head = Path(args.weights) if args.weights else CATALOGUE[WEIGHTS].path
        files = [head, CATALOGUE[MASK_ERROR_WEIGHTS].path]
    files += [row.file for row in rows if row.file is not None]
    device = choose_device(DeviceChoice(args.device))
    digests = {str(path): hash_weights(path) for path in files}
    return Conditions(args.data, args.tracker, args.quality, str(device), digests)
