"""Registry of trackers and heads: files of the two folders, then installed entry points.

Listing imports no torch: a module's `SPEC` is data, and `SPEC.build` does the heavy importing. A
module that is several models, such as one network in four sizes, holds a tuple `SPECS` instead.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from shlex import quote
from types import ModuleType
from typing import TypeVar

from matting_core.document.prompts import Prompt, kind_of
from matting_core.errors import InputError, ModelError
from matting_core.models import heads, trackers
from matting_core.models.files.contents import hash_contents
from matting_core.models.heads.base import HeadSpec
from matting_core.models.trackers.base import Tracker, TrackerSpec
from matting_core.types import DeviceChoice, Quality

SpecT = TypeVar("SpecT", TrackerSpec, HeadSpec)


@cache
def tracker_specs() -> Mapping[str, TrackerSpec]:
    """Trackers by id, hidden ones included.

    Raises:
        ModelError: two have one id, or an outside one cannot be loaded.
    """
    return _collect(TrackerSpec, trackers, entry_points(group="wisp.trackers"))


@cache
def head_specs() -> Mapping[str, HeadSpec]:
    """Heads by id, hidden ones included; raises as `tracker_specs`."""
    return _collect(HeadSpec, heads, entry_points(group="wisp.heads"))


def tracker_spec(tracker_id: str) -> TrackerSpec:
    """Return one tracker's spec.

    Raises:
        ModelError: there is none of this id.
    """
    return _find(tracker_specs(), tracker_id, "tracker")


def head_spec(head_id: str) -> HeadSpec:
    """Return one head's spec.

    Raises:
        ModelError: there is none of this id.
    """
    return _find(head_specs(), head_id, "head")


def check_prompt_kinds(spec: TrackerSpec, prompts: Iterable[Prompt]) -> None:
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


def identify(spec: TrackerSpec | HeadSpec) -> tuple[str, ...]:
    """Id, version and files of a model: results of other ones are other results."""
    return spec.id, spec.version, *hash_contents(spec.weights)


def missing_packages(spec: TrackerSpec) -> tuple[str, ...]:
    """List what has to be installed before a tracker can be built; nothing is imported."""
    missing = (install for module, install in spec.needs if not _importable(module))
    return tuple(dict.fromkeys(missing))


def build_tracker(tracker_id: str, device: DeviceChoice, quality: Quality) -> Tracker:
    """Make a tracker.

    Raises:
        ModelError: there is none of this id, it needs a package that is not installed, or its
            weights do not fit.
        WeightsError: its weights are missing or damaged.
        DeviceError: the device is not there.
    """
    spec = tracker_spec(tracker_id)
    missing = missing_packages(spec)
    if missing:
        raise ModelError(
            f"The tracker '{spec.id}' needs a package that is not installed; run "
            f"`pip install {' '.join(map(quote, missing))}`."
        )
    return spec.build(device, quality)


def _importable(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ModuleNotFoundError, ValueError):  # of a package that is absent, or half there
        return False


def _find(specs: Mapping[str, SpecT], wanted: str, kind: str) -> SpecT:
    if wanted not in specs:
        offered = ", ".join(sorted(key for key, spec in specs.items() if not spec.hidden))
        raise ModelError(f"There is no {kind} called '{wanted}'; choose one of: {offered}.")
    return specs[wanted]


def _collect(
    kind: type[SpecT], folder: ModuleType, outside: Iterable[EntryPoint]
) -> dict[str, SpecT]:
    found: dict[str, SpecT] = {}
    specs = _list_built_in(kind, folder)
    specs.extend(_load_entry_point(kind, point) for point in outside)
    for spec in specs:
        if spec.id in found:
            raise ModelError(f"Two models are called '{spec.id}'; uninstall one of them.")
        found[spec.id] = spec
    return found


def _list_built_in(kind: type[SpecT], folder: ModuleType) -> list[SpecT]:
    names = [module.name for module in pkgutil.iter_modules(folder.__path__)]
    modules = [importlib.import_module(f"{folder.__name__}.{name}") for name in sorted(names)]
    return [spec for module in modules for spec in _specs_of(module) if isinstance(spec, kind)]


def _specs_of(module: ModuleType) -> tuple[object, ...]:
    several: tuple[object, ...] = getattr(module, "SPECS", ())
    return (*several, getattr(module, "SPEC", None))


def _load_entry_point(kind: type[SpecT], point: EntryPoint) -> SpecT:
    try:
        spec = point.load()
    except (ImportError, AttributeError) as error:
        raise ModelError(f"The model plug-in '{point.name}' cannot be loaded ({error}).") from error
    if not isinstance(spec, kind):
        raise ModelError(f"The model plug-in '{point.name}' does not hold a {kind.__name__}.")
    return spec
