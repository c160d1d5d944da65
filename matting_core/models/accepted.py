"""Whether a tracker understands what it is asked, before it is asked."""

from __future__ import annotations

from collections.abc import Iterable

from matting_core.document.prompts import Prompt, kind_of
from matting_core.errors import InputError
from matting_core.models.registry import tracker_specs
from matting_core.models.trackers.base import TrackerSpec


def check_accepted(spec: TrackerSpec, prompts: Iterable[Prompt]) -> None:
    """Refuse prompts of a kind that a tracker does not understand.

    Raises:
        InputError: there is one; the sentence names trackers that do.
    """
    for prompt in prompts:
        kind = kind_of(prompt)
        if kind in spec.accepts:
            continue
        others = [
            each.id for each in tracker_specs().values() if kind in each.accepts and not each.hidden
        ]
        remedy = f"choose the tracker {' or '.join(others)}, or delete" if others else "delete"
        raise InputError(
            f"The tracker '{spec.id}' does not understand the {kind} on frame {prompt.frame}; "
            f"{remedy} that prompt."
        )
