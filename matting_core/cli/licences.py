"""Names a licence that forbids commercial use, the first time such a model is used."""

from __future__ import annotations

from matting_core.catalogue import Weights
from matting_core.cli.terminal import complain
from matting_core.document.project import Settings
from matting_core.files import cache_folder, make_folder
from matting_core.registry import head_spec, tracker_spec
from matting_core.weights import find, is_installed


def name_licences(settings: Settings) -> None:
    """Say one line on stderr for each such licence that was not named on this machine yet.

    Raises:
        ExportError: it cannot be remembered that it was said.
    """
    named = {tracker_spec(settings.tracker).title: tracker_spec(settings.tracker).weights}
    named |= {head_spec(settings.head).title: head_spec(settings.head).weights}
    for title, ids in named.items():
        for entry in (find(weights_id) for weights_id in ids if is_installed(weights_id)):
            if entry.non_commercial and _is_news(entry):
                complain(licence_line(title, entry.licence))


def licence_line(title: str, licence: str) -> str:
    """The sentence."""
    return f"{title} is licensed under {licence}: not for commercial use."


def _is_news(entry: Weights) -> bool:
    folder = cache_folder() / "licences"
    make_folder(folder)
    mark = folder / entry.id
    news = not mark.exists()
    mark.touch()
    return news
