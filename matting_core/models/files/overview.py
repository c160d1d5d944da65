"""Overview of trackers and heads: what each is, whose, how large, and whether it is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from matting_core.errors import ModelError
from matting_core.models import registry, weights
from matting_core.models.catalogue import Weights
from matting_core.models.files.damage import is_known_damaged
from matting_core.models.files.probes import Probe, known_probes
from matting_core.models.files.store import list_removable, partial_path
from matting_core.models.heads.base import HeadSpec
from matting_core.models.trackers.base import TrackerSpec

_OWN_LICENCE = "Apache-2.0"
_OWN_ORIGIN = "a part of Wisp"


class ModelKind(StrEnum):
    """Kind of an entry."""

    TRACKER = "tracker"
    HEAD = "head"
    WEIGHTS = "weights"
    """Weights that no tracker or head uses."""


class ModelState(StrEnum):
    """State of a model: whether it can be used."""

    SHIPPED = "shipped"
    INSTALLED = "installed"
    MISSING = "not installed"
    DAMAGED = "damaged"
    """A file is there, and is known not to be what was installed."""


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """Entry of one model.

    Attributes:
        kind: what it is.
        id: its stable name.
        title: what the user reads.
        weights: what it loads.
        needs: packages that it needs and that are not installed.
        probe: how fast it was on this machine, if that was tried.
    """

    kind: ModelKind
    id: str
    title: str
    weights: tuple[Weights, ...]
    needs: tuple[str, ...] = ()
    probe: Probe | None = None

    @property
    def key(self) -> str:
        """Kind and id: a tracker and a head may share an id."""
        return f"{self.kind}:{self.id}"

    @property
    def state(self) -> ModelState:
        """Whether its weights are there."""
        if any(is_known_damaged(entry) for entry in self.weights):
            return ModelState.DAMAGED
        if all(entry.shipped for entry in self.weights):
            return ModelState.SHIPPED
        there = all(weights.is_installed(entry.id) for entry in self.weights)
        return ModelState.INSTALLED if there else ModelState.MISSING

    @property
    def usable(self) -> bool:
        """Whether all that it needs is there, as far as is known."""
        return not self.needs and self.state in (ModelState.SHIPPED, ModelState.INSTALLED)

    @property
    def size(self) -> int:
        """Bytes of all its weights."""
        return sum(entry.size for entry in self.weights)

    @property
    def offered(self) -> tuple[Weights, ...]:
        """Its weights that could be downloaded now: they are missing, or known to be damaged."""
        offers = (entry for entry in self.weights if entry.download is not None)
        return tuple(
            each for each in offers if not weights.is_installed(each.id) or is_known_damaged(each)
        )

    @property
    def removable(self) -> tuple[Weights, ...]:
        """Its weights that the user added, wholly or in part."""
        return list_removable(self.weights)

    @property
    def fetched(self) -> int:
        """Bytes of downloads that stopped half-way."""
        parts = (partial_path(entry) for entry in self.weights if not entry.shipped)
        return sum(path.stat().st_size for path in parts if path.exists())

    @property
    def fetched_percent(self) -> int:
        """How much of its downloads has come; below 100 until they are installed."""
        return min(99, 100 * self.fetched // self.size) if self.size else 0

    @property
    def licence(self) -> str:
        """SPDX identifiers, each once."""
        found = dict.fromkeys(entry.licence for entry in self.weights) or [_OWN_LICENCE]
        return ", ".join(found)

    @property
    def non_commercial(self) -> bool:
        """Whether a licence forbids commercial use."""
        return any(entry.non_commercial for entry in self.weights)

    @property
    def origin(self) -> str:
        """Where its weights come from."""
        return next((entry.origin for entry in self.weights), _OWN_ORIGIN)

    @property
    def address(self) -> str | None:
        """Where its file can be fetched."""
        offers = (entry.download for entry in self.weights)
        return next((offer.address for offer in offers if offer is not None), None)


def list_models() -> tuple[ModelEntry, ...]:
    """List trackers, then heads, then weights that none of them uses, without hidden models.

    Raises:
        ModelError: a plug-in cannot be loaded.
    """
    probes = known_probes()
    models = (
        *_describe(ModelKind.TRACKER, registry.tracker_specs(), probes),
        *_describe(ModelKind.HEAD, registry.head_specs(), probes),
    )
    used = {entry.id for row in models for entry in row.weights}
    spare = (entry for entry in weights.CATALOGUE.values() if entry.id not in used)
    return (
        *models,
        *(ModelEntry(ModelKind.WEIGHTS, each.id, each.title, (each,)) for each in spare),
    )


def find_weights(model_id: str) -> tuple[Weights, ...]:
    """Find the weights of an id, or else the ones that the trackers and heads of the id load.

    Raises:
        ModelError: nothing has this id.
    """
    if model_id in weights.CATALOGUE:
        return (weights.find(model_id),)
    found = [row for row in list_models() if row.id == model_id]
    if not found:
        raise ModelError(f"There is no model called '{model_id}'; see `wisp models`.")
    return tuple({entry.id: entry for row in found for entry in row.weights}.values())


def _describe(
    kind: ModelKind,
    specs: Mapping[str, TrackerSpec] | Mapping[str, HeadSpec],
    probes: Mapping[str, Probe],
) -> Iterator[ModelEntry]:
    for spec in specs.values():
        if spec.hidden:
            continue
        needs = registry.missing_packages(spec) if isinstance(spec, TrackerSpec) else ()
        probe = probes.get(f"{kind}:{spec.id}")
        current = probe if probe is not None and probe.version == spec.version else None
        loads = tuple(weights.find(weights_id) for weights_id in spec.weights)
        yield ModelEntry(kind, spec.id, spec.title, loads, needs, current)
