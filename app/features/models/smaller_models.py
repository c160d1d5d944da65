"""What takes less memory than a project's models, and runs here as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from matting_core.document.project import DEFAULT_HEAD, DEFAULT_TRACKER, Project, Settings
from matting_core.document.prompts import kind_of
from matting_core.models.encoders import are_compatible
from matting_core.models.files.overview import ModelEntry, ModelKind, ModelState
from matting_core.models.licences import is_accepted
from matting_core.models.registry import head_spec, tracker_spec
from matting_core.models.trackers.base import TrackerSpec
from matting_core.types import Quality

_PLAIN_HEADS = ("closed-form", "mask")
"""The heads without a network, the larger first."""


@dataclass(frozen=True, slots=True)
class SmallerChoice:
    """Choice that needs less memory; None leaves a part as it is."""

    tracker: str | None = None
    head: str | None = None
    quality: Quality | None = None

    def of(self, settings: Settings) -> Settings:
        """The settings with these choices."""
        return replace(
            settings,
            tracker=self.tracker or settings.tracker,
            head=self.head or settings.head,
            quality=self.quality or settings.quality,
        )


def smaller_choices(project: Project, rows: Sequence[ModelEntry]) -> Iterator[SmallerChoice]:
    """The next smaller quality, head and tracker, each by itself, as far as there is one.

    Args:
        project: whose models have filled the memory.
        rows: all models as they are now.
    """
    settings = project.settings
    if settings.quality is Quality.FULL:
        yield SmallerChoice(quality=Quality.FAST)
    head = _smaller_head(settings.head)
    if head is not None:
        yield SmallerChoice(head=head)
    usable = [row for row in rows if _usable(row)]
    tracker = _smaller_tracker(project, rows, usable)
    if tracker is not None:
        yield SmallerChoice(tracker, _head_beside(tracker, settings.head, usable))


def _smaller_head(head: str) -> str | None:
    if head not in _PLAIN_HEADS:
        return _PLAIN_HEADS[0]
    return next(iter(_PLAIN_HEADS[_PLAIN_HEADS.index(head) + 1 :]), None)


def _smaller_tracker(
    project: Project, rows: Sequence[ModelEntry], usable: Sequence[ModelEntry]
) -> str | None:
    """The largest usable tracker below the project's, or the one that ships with Wisp."""
    now = tracker_spec(project.settings.tracker)
    size = next((row.size for row in rows if row.key == f"{ModelKind.TRACKER}:{now.id}"), 0)
    smaller = [
        row
        for row in usable
        if row.kind is ModelKind.TRACKER
        and row.size < size
        and not _same_network(tracker_spec(row.id), now)
        and _understands(row.id, project)
    ]
    if smaller:
        return max(smaller, key=lambda row: row.size).id
    shipped = now.id != DEFAULT_TRACKER and _understands(DEFAULT_TRACKER, project)
    return DEFAULT_TRACKER if shipped else None


def _same_network(one: TrackerSpec, other: TrackerSpec) -> bool:
    return one.encoder is not None and one.encoder == other.encoder


def _understands(tracker: str, project: Project) -> bool:
    accepts = tracker_spec(tracker).accepts
    return all(kind_of(prompt) in accepts for obj in project for prompt in obj.prompts)


def _head_beside(tracker: str, head: str, usable: Sequence[ModelEntry]) -> str | None:
    """The head to choose with a tracker, where the one that is chosen belongs to another."""
    spec = tracker_spec(tracker)
    if are_compatible(head_spec(head), spec):
        return None
    heads = (row.id for row in usable if row.kind is ModelKind.HEAD)
    own = (each for each in heads if spec.encoder and head_spec(each).encoder == spec.encoder)
    return DEFAULT_HEAD if tracker == DEFAULT_TRACKER else next(own, DEFAULT_HEAD)


def _usable(row: ModelEntry) -> bool:
    """Whether nothing has to be got or accepted first."""
    there = not row.needs and row.state in (ModelState.SHIPPED, ModelState.INSTALLED)
    return there and is_accepted(entry.id for entry in row.weights if entry.non_commercial)
