"""Licences that forbid commercial use: models under them, and the user's acceptance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from matting_core.document.project import Settings
from matting_core.errors import LicenceError
from matting_core.files import cache_folder, make_folder, write_bytes_atomically
from matting_core.models.heads.base import HeadSpec
from matting_core.models.registry import head_specs, tracker_specs
from matting_core.models.trackers.base import TrackerSpec
from matting_core.models.weights import find, is_installed


@dataclass(frozen=True, slots=True)
class RestrictedModel:
    """Installed tracker or head, or both of one name, whose licence forbids commercial use.

    Attributes:
        id: the model's.
        title: what the user reads.
        licence: SPDX identifier.
        weights_ids: those of its weights that are under the licence.
    """

    id: str
    title: str
    licence: str
    weights_ids: tuple[str, ...]


def list_unaccepted(settings: Settings) -> tuple[RestrictedModel, ...]:
    """List the tracker and the head of some settings whose licence is still to be accepted.

    Models that are unknown or not installed are left out: using them is refused anyway.
    """
    return tuple(each for each in _find_restricted(settings) if not is_accepted(each.weights_ids))


def require_accepted(settings: Settings) -> None:
    """Refuse a tracker or head whose licence the user has not accepted.

    Raises:
        LicenceError: one of them was not accepted.
    """
    for model in list_unaccepted(settings):
        raise LicenceError(
            f"{model.title} is licensed under {model.licence}: not for commercial use; run "
            f"`wisp models accept {model.id}` if you accept that, or choose another model.",
            model.weights_ids,
        )


def is_accepted(weights_ids: Iterable[str]) -> bool:
    """Whether this user accepted the licences of all these weights on this machine."""
    return all(_acceptance_path(each).exists() for each in weights_ids)


def accept(weights_ids: Iterable[str]) -> None:
    """Store that the licences of these weights were accepted.

    Raises:
        ExportError: it cannot be remembered.
    """
    for each in weights_ids:
        make_folder(_acceptance_path(each).parent)
        write_bytes_atomically(_acceptance_path(each), b"")


def _find_restricted(settings: Settings) -> Iterator[RestrictedModel]:
    found: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for spec in _list_chosen(settings):
        for entry in map(find, spec.weights):
            if entry.non_commercial and is_installed(entry.id):
                model = (spec.id, spec.title, entry.licence)
                found[model] = (*found.get(model, ()), entry.id)
    return (RestrictedModel(*model, weights_ids) for model, weights_ids in found.items())


def _list_chosen(settings: Settings) -> Iterator[TrackerSpec | HeadSpec]:
    if settings.tracker in tracker_specs():
        yield tracker_specs()[settings.tracker]
    if settings.head in head_specs():
        yield head_specs()[settings.head]


def _acceptance_path(weights_id: str) -> Path:
    return cache_folder() / "accepted-licences" / weights_id
