"""Asks for a licence that forbids commercial use, before such a model is first used."""

from __future__ import annotations

import sys

from matting_core.document.project import Settings
from matting_core.licences import accept, demand_accepted, unaccepted


def agree_to_licences(settings: Settings) -> None:
    """Ask once for each such licence; where nobody can be asked, refuse.

    Raises:
        LicenceError: one was not accepted.
        ExportError: it cannot be remembered that one was.
    """
    if sys.stdin.isatty():
        for model in unaccepted(settings):
            sys.stderr.write(f"{licence_line(model.title, model.licence)} Accept it? [y/N] ")
            sys.stderr.flush()
            if not said_yes():
                break
            accept(model.weights_ids)
    demand_accepted(settings)


def said_yes() -> bool:
    """Whether the line that is typed agrees."""
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def licence_line(title: str, licence: str) -> str:
    """The sentence."""
    return f"{title} is licensed under {licence}: not for commercial use."
