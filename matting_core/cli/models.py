"""`wisp models`: which trackers, heads and weights there are, and whether they are whole."""

from __future__ import annotations

import argparse

from matting_core.cli.terminal import say
from matting_core.registry import head_specs, tracker_specs
from matting_core.weights import CATALOGUE, verify


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("action", nargs="?", choices=("list", "verify"), default="list")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List the models, or check the weights' hashes."""
    if args.action == "verify":
        for entry in CATALOGUE.values():
            verify(entry)
            say(f"{entry.id}: whole")
        return 0
    for tracker in tracker_specs().values():
        if not tracker.hidden:
            say(f"tracker  {tracker.id:18} {tracker.title}")
    for head in head_specs().values():
        if not head.hidden:
            say(f"head     {head.id:18} {head.title}")
    for entry in CATALOGUE.values():
        say(f"weights  {entry.id:18} {entry.size / 1e6:.1f} MB, {entry.licence}; {entry.origin}")
    return 0
