"""`wisp models`: which trackers and heads there are, and getting, checking and removing them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from matting_core.cli.licences import said_yes, tell_licence
from matting_core.cli.terminal import ProgressBar, complain, say
from matting_core.errors import InputError, MattingError, WeightsError
from matting_core.jobs import CancelToken, Progress
from matting_core.models import licences, weights
from matting_core.models.catalogue import Weights
from matting_core.models.files import store
from matting_core.models.files.downloading import download
from matting_core.models.files.importing import ImportResult, import_file
from matting_core.models.files.overview import (
    ModelEntry,
    ModelKind,
    ModelState,
    find_weights,
    list_models,
)
from matting_core.models.files.probes import Probe, check_probe, start_probe
from matting_core.types import DeviceChoice


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("action", nargs="?", choices=tuple(_ACTIONS), default="list")
    parser.add_argument("target", nargs="?", metavar="FILE|ID", help="what to act on")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--yes", action="store_true", help="download: do not ask first")
    parser.add_argument(
        "--probe", action="store_true", help="list: try each model for a few seconds first"
    )
    parser.add_argument(
        "--device", choices=[str(device) for device in DeviceChoice], default="auto"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    return _ACTIONS[args.action](args)


def _list(args: argparse.Namespace) -> int:
    if args.target is not None:
        raise InputError(f"`wisp models list` lists all models; leave '{args.target}' out.")
    if args.probe:
        for row in list_models():
            if row.kind is not ModelKind.WEIGHTS and row.usable:
                _try_apart(row, DeviceChoice(args.device))
    found = list_models()
    if args.json:
        say(json.dumps([as_json(row) for row in found]))
    else:
        for line in as_lines(found):
            say(line)
    return 0


def _import(args: argparse.Namespace) -> int:
    imported = _follow(import_file(Path(_target(args, "FILE"))))
    _tell(args, imported)
    _say_record(args, imported_as_json(imported))
    return 0


def _download(args: argparse.Namespace) -> int:
    target = _target(args, "ID")
    wanted = [entry for entry in find_weights(target) if not entry.shipped]
    if not wanted:
        raise InputError(f"'{target}' ships with Wisp; there is nothing to download.")
    already, fetched = [], []
    for entry in wanted:
        if _is_whole(entry):
            already.append(entry.id)
            _say_line(args, f"{entry.id}: installed already")
        elif _ask_to_download(entry, yes=args.yes):
            fetched.append(_follow(download(entry, CancelToken())))
            _tell(args, fetched[-1])
    record = {"downloaded": [imported_as_json(each) for each in fetched]}
    _say_record(args, {**record, "installed_already": already})
    return 0


def _is_whole(entry: Weights) -> bool:
    """Whether it is installed; says so if what is there is damaged."""
    if not weights.is_installed(entry.id):
        return False
    trouble = _trouble(entry)
    if trouble is not None:
        complain(f"{entry.id}: what is there is damaged and is fetched again")
    return trouble is None


def _accept(args: argparse.Namespace) -> int:
    target = _target(args, "ID")
    wanted = [entry for entry in find_weights(target) if entry.non_commercial]
    if not wanted:
        raise InputError(f"The licence of '{target}' need not be accepted; use it as it is.")
    for entry in wanted:
        licences.accept([entry.id])
        _say_line(args, f"{entry.id}: {entry.licence} accepted, not for commercial use")
    tell_licence(target, [entry.id for entry in wanted])
    accepted = [{"id": entry.id, "licence": entry.licence} for entry in wanted]
    _say_record(args, {"accepted": accepted})
    return 0


def _verify(args: argparse.Namespace) -> int:
    found: dict[str, str | None] = {}
    for entry in _to_verify(args.target):
        found[entry.id] = trouble = _trouble(entry)
        if trouble is None:
            _say_line(args, f"{entry.id}: whole")
        elif not args.json:
            complain(trouble)
    whole = not any(found.values())
    files = [{"id": key, "whole": not said, "message": said} for key, said in found.items()]
    _say_record(args, {"whole": whole, "files": files})
    return 0 if whole else 1


def _trouble(entry: Weights) -> str | None:
    """What is wrong with a file, and what to do; None if it is whole."""
    try:
        weights.verify(entry)
    except WeightsError as error:
        return str(error)
    return None


def _to_verify(target: str | None) -> tuple[Weights, ...]:
    """What was asked for, or else all that ships or is there; files without a note too."""
    if target is not None:
        return _files_of(target, "verify")
    all_ = weights.CATALOGUE.values()
    return tuple(entry for entry in all_ if entry.shipped or entry.path.is_file())


def _remove(args: argparse.Namespace) -> int:
    named = _files_of(_target(args, "ID"), "remove")
    gone = store.list_removable(named) or named[:1]  # what cannot go is refused with the reason
    for entry in gone:
        store.remove(entry)
        _say_line(args, f"{entry.id}: removed")
    _say_record(args, {"removed": [entry.id for entry in gone]})
    return 0


def _files_of(target: str, action: str) -> tuple[Weights, ...]:
    found = find_weights(target)
    if not found:
        raise InputError(
            f"'{target}' is a part of Wisp without files; there is nothing to {action}."
        )
    return found


def _probe(args: argparse.Namespace) -> int:
    target = _target(args, "ID")
    found = _probeable(target)
    if not found:
        raise InputError(f"There is no tracker or head called '{target}'; see `wisp models`.")
    tried = _try if len(found) == 1 else _try_apart
    for row in found:
        tried(row, DeviceChoice(args.device))
    if args.json:
        say(json.dumps([as_json(row) for row in _probeable(target)]))
    else:
        for row in _probeable(target):
            say(f"{row.kind} {row.id}: {probe_line(row.probe)}")
    return 0


def _probeable(target: str) -> list[ModelEntry]:
    """Trackers and heads of this id, or the one of this "kind:id"."""
    return [
        row
        for row in list_models()
        if target in (row.id, row.key) and row.kind is not ModelKind.WEIGHTS
    ]


def _try(row: ModelEntry, device: DeviceChoice) -> None:
    from matting_core.models.files.probing import probe

    bar = ProgressBar()
    bar.show(Progress(f"Trying {row.kind} {row.id}", 0, 1))
    try:
        probe(row.kind, row.id, device)
    finally:
        bar.close()


def _try_apart(row: ModelEntry, device: DeviceChoice) -> None:
    """Try a model in a process of its own, so that other models' memory does not count."""
    bar = ProgressBar()
    bar.show(Progress(f"Trying {row.kind} {row.id}", 0, 1))
    try:
        with start_probe(row.key, device) as process:
            process.wait()
            check_probe(process)
    finally:
        bar.close()


def _ask_to_download(entry: Weights, *, yes: bool) -> bool:
    if entry.download is None or yes:
        return True  # what cannot be downloaded is refused with the reason
    asked = f"{entry.download.size / 1e6:.0f} MB from {entry.download.address} ({entry.licence})"
    if not sys.stdin.isatty():
        raise InputError(f"This downloads {asked}; add --yes if you want that.")
    sys.stderr.write(f"Download {asked}? [y/N] ")
    sys.stderr.flush()
    return said_yes()


def _target(args: argparse.Namespace, what: str) -> str:
    if args.target is None:
        raise InputError(f"Say which: `wisp models {args.action} {what}`.")
    return str(args.target)


def _follow(steps: Iterator[Progress | ImportResult]) -> ImportResult:
    bar = ProgressBar()
    try:
        for step in steps:
            if isinstance(step, ImportResult):
                return step
            bar.show(step)
    finally:
        bar.close()
    raise MattingError("Nothing was imported; try again.")


def _say_line(args: argparse.Namespace, text: str) -> None:
    """Say at once what was done; with --json it is said at the end."""
    if not args.json:
        say(text)


def _say_record(args: argparse.Namespace, record: Mapping[str, object]) -> None:
    if args.json:
        say(json.dumps(record))


def _tell(args: argparse.Namespace, imported: ImportResult) -> None:
    tell_licence(imported.title, imported.ids)
    _say_line(args, f"{imported.title}: installed as {', '.join(imported.ids)}")


_ACTIONS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "list": _list,
    "import": _import,
    "download": _download,
    "accept": _accept,
    "verify": _verify,
    "remove": _remove,
    "probe": _probe,
}


def as_lines(rows: Sequence[ModelEntry]) -> Iterator[str]:
    """Aligned columns: kind, id, state, size, licence, speed and memory, what it is and whose."""
    cells = [_cells(row) for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]) - 1)]
    for line in cells:
        padded = (cell.ljust(width) for cell, width in zip(line[:-1], widths, strict=True))
        yield "  ".join((*padded, line[-1])).rstrip()


def as_json(row: ModelEntry) -> dict[str, object]:
    """One row as the record that `--json` prints."""
    return {
        "kind": row.kind.value,
        "id": row.id,
        "title": row.title,
        "state": row.state.value,
        "fetched_bytes": row.fetched,
        "needs": list(row.needs),
        "size_bytes": row.size,
        "licence": row.licence,
        "non_commercial": row.non_commercial,
        "origin": row.origin,
        "address": row.address,
        "weights": [entry.id for entry in row.weights],
        "probe": None if row.probe is None else asdict(row.probe),
    }


def imported_as_json(imported: ImportResult) -> dict[str, object]:
    """What was installed as the record that `--json` prints."""
    return {
        "title": imported.title,
        "weights": list(imported.ids),
        "non_commercial_licence": imported.non_commercial,
    }


def probe_line(probe: Probe | None) -> str:
    """What a probe found, in a few words; empty without one."""
    if probe is None:
        return ""
    memory = "-" if probe.memory is None else f"{probe.memory / 1e6:.0f} MB"
    return f"{probe.seconds:.2f} s/frame, {memory}, {probe.device}"


def _cells(row: ModelEntry) -> tuple[str, ...]:
    size = f"{row.size / 1e6:.1f} MB" if row.size else "-"
    use = " (non-commercial)" if row.non_commercial else ""
    about = f"{row.title}; {row.origin}"
    found = probe_line(row.probe) or "-"
    return row.kind.value, row.id, _state(row), size.rjust(8), row.licence + use, found, about


def _state(row: ModelEntry) -> str:
    if row.needs:
        return f"needs {' '.join(row.needs)}"
    if row.state is ModelState.MISSING and row.fetched:
        return f"{row.fetched_percent} % downloaded"
    return row.state.value
