"""Questions about licences that forbid commercial use, before such a model is first used."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from matting_core.cli.terminal import complain
from matting_core.document.project import Settings
from matting_core.models.catalogue import forbids_commerce
from matting_core.models.licences import accept, list_unaccepted, require_accepted
from matting_core.models.terms import TERMS
from matting_core.models.weights import find


def agree_to_licences(settings: Settings) -> None:
    """Ask once for each such licence; where nobody can be asked, refuse.

    Raises:
        LicenceError: one was not accepted.
        ExportError: it cannot be remembered that one was.
    """
    if sys.stdin.isatty():
        for model in list_unaccepted(settings):
            lines = licence_lines(model.title, model.licence)
            sys.stderr.write("\n".join((*lines, "Accept it? [y/N] ")))
            sys.stderr.flush()
            if not said_yes():
                break
            accept(model.weights_ids)
    require_accepted(settings)


def said_yes() -> bool:
    """Whether the line that is typed agrees."""
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def licence_lines(title: str, licence: str) -> tuple[str, ...]:
    """What a model is licensed under, what that asks for and where its text is."""
    use = ": not for commercial use" if forbids_commerce(licence) else ""
    terms = TERMS.get(licence)
    named = f"{title} is licensed under {licence}{use}."
    return (named,) if terms is None else (named, *terms.points, terms.address)


def tell_licence(title: str, weights_ids: Iterable[str]) -> None:
    """Say it on stderr of weights whose licence asks for more than the usual."""
    for licence in dict.fromkeys(find(each).licence for each in weights_ids):
        if licence in TERMS or forbids_commerce(licence):
            for line in licence_lines(title, licence):
                complain(line)
