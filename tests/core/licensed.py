"""Models under a licence that forbids commercial use, without any weights of that kind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matting_core.models import licences, registry, weights
from matting_core.models.files.notes import InstallNote, write_note
from matting_core.models.heads.mask import SPEC as MASK
from matting_core.models.trackers.fake import SPEC as FAKE

LICENCE = "CC-BY-NC-SA-4.0"
HEADS, TRACKER = "sam2matting-tiny-heads", "sam2matting-tiny-tracker"


def install(weights_id: str) -> None:
    """Something that passes for installed weights until they are read."""
    entry = weights.find(weights_id)
    entry.path.parent.mkdir(parents=True, exist_ok=True)
    entry.path.touch()
    write_note(entry.path, InstallNote("0" * 64, 0, "w.pt", "0" * 64, "2026-11-21"))


def restrict_head(patch: pytest.MonkeyPatch, head_id: str = "mask") -> None:
    """Make a head of this id, which does what the mask head does, an installed restricted one."""
    install(HEADS)
    title = registry.head_specs()[head_id].title
    spec = replace(MASK, id=head_id, title=title, weights=(HEADS,))
    _put(patch, "head_specs", {**registry.head_specs(), head_id: spec})


def restrict_tracker(patch: pytest.MonkeyPatch) -> None:
    """Make the fake tracker an installed restricted one."""
    install(TRACKER)
    spec = replace(FAKE, weights=(TRACKER,))
    _put(patch, "tracker_specs", {**registry.tracker_specs(), "fake": spec})


def _put(patch: pytest.MonkeyPatch, name: str, specs: object) -> None:
    for module in (registry, licences):
        patch.setattr(module, name, lambda: specs)
