from __future__ import annotations

import pkgutil
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from matting_core.errors import ModelError
from matting_core.models import registry, trackers
from matting_core.models.heads.base import HeadSpec
from matting_core.models.registry import (
    build_tracker,
    head_spec,
    head_specs,
    missing_packages,
    tracker_spec,
    tracker_specs,
)
from matting_core.models.trackers.base import TrackerSpec
from matting_core.models.weights import CATALOGUE
from matting_core.types import DeviceChoice, Quality
from tests.tables import table

OUTSIDE = TrackerSpec("outside", "Outside", "1", lambda *_: None)
TWIN = HeadSpec("mask", "A second mask head", "1", lambda *_: None)
NOTHING = 5


@pytest.fixture(autouse=True)
def fresh():
    """The registry is read once per process; here it is read anew, before and after."""
    tracker_specs.cache_clear()
    head_specs.cache_clear()
    yield
    tracker_specs.cache_clear()
    head_specs.cache_clear()


def _install(monkeypatch: pytest.MonkeyPatch, group: str, attribute: str) -> None:
    point = EntryPoint("plug", f"{__name__}:{attribute}", group)
    monkeypatch.setattr(
        registry, "entry_points", lambda *, group: [point] if group == point.group else []
    )


def test_built_in_models_are_found() -> None:
    assert {"sam2-tiny-flow", "fake"} <= set(tracker_specs())
    assert {"closed-form", "mask"} <= set(head_specs())


def test_ids_and_weights_are_consistent() -> None:
    for specs in (tracker_specs(), head_specs()):
        for key, spec in specs.items():
            assert key == spec.id
            assert spec.title
            assert spec.version
            assert set(spec.weights) <= set(CATALOGUE)


def test_an_unknown_id_lists_what_there_is_but_not_what_is_hidden() -> None:
    with pytest.raises(ModelError, match=r"no tracker called 'nope'.*sam2-tiny-flow") as caught:
        tracker_spec("nope")
    assert "fake" not in str(caught.value)
    with pytest.raises(
        ModelError,
        match=r"no head called 'nope'.*closed-form, closed-form-roi, mask, sam2matting.*, wisp",
    ):
        head_spec("nope")


def test_hidden_models_can_be_asked_for() -> None:
    assert tracker_spec("fake").hidden


def test_outside_models_are_loaded(monkeypatch) -> None:
    _install(monkeypatch, "wisp.trackers", "OUTSIDE")
    assert tracker_spec("outside") is OUTSIDE
    assert "outside" not in head_specs()


def test_one_module_may_hold_several_models(monkeypatch) -> None:
    module = ModuleType("several")
    module.SPECS = (replace(OUTSIDE, id="small"), replace(OUTSIDE, id="large"), NOTHING)
    monkeypatch.setitem(sys.modules, f"{trackers.__name__}.several", module)
    monkeypatch.setattr(
        pkgutil, "iter_modules", lambda _path: [pkgutil.ModuleInfo(None, "several", False)]
    )
    assert list(tracker_specs()) == ["small", "large"]


def test_two_models_of_one_id_are_an_error(monkeypatch) -> None:
    _install(monkeypatch, "wisp.heads", "TWIN")
    with pytest.raises(ModelError, match="Two models are called 'mask'"):
        head_specs()


@table("attribute", ["NOTHING", "TWIN"])
def test_an_outside_model_of_the_wrong_kind_is_an_error(monkeypatch, attribute) -> None:
    _install(monkeypatch, "wisp.trackers", attribute)
    with pytest.raises(ModelError, match="'plug' does not hold a TrackerSpec"):
        tracker_specs()


def test_an_outside_model_that_cannot_be_loaded_is_named(monkeypatch) -> None:
    _install(monkeypatch, "wisp.trackers", "NOT_THERE")
    with pytest.raises(ModelError, match="'plug' cannot be loaded"):
        tracker_specs()
    point = EntryPoint("plug", "no_such_package_anywhere:SPEC", "wisp.heads")
    monkeypatch.setattr(registry, "entry_points", lambda **_: [point])
    with pytest.raises(ModelError, match="'plug' cannot be loaded"):
        head_specs()


def test_a_tracker_whose_package_is_missing_says_what_to_install(monkeypatch) -> None:
    needs = (("json", "json-of-python"), ("no_such_package", "nosuch>=2"), ("no_such.part", "part"))
    needy = replace(OUTSIDE, needs=needs, build=lambda *_: pytest.fail("it was built"))
    monkeypatch.setattr(registry, "tracker_specs", lambda: {"outside": needy})
    assert missing_packages(needy) == ("nosuch>=2", "part")
    with pytest.raises(
        ModelError, match=r"'outside' needs a package.*pip install 'nosuch>=2' part"
    ):
        build_tracker("outside", DeviceChoice.CPU, Quality.FAST)


def test_a_tracker_is_built_for_device_and_quality(monkeypatch) -> None:
    built = replace(OUTSIDE, needs=(("json", "json"),), build=lambda *given: given)
    monkeypatch.setattr(registry, "tracker_specs", lambda: {"outside": built})
    given = (DeviceChoice.CPU, Quality.FULL)
    assert build_tracker("outside", *given) == given


LIGHT = (
    "matting_core.models.registry",
    "matting_core.document.storage",
    "matting_core.document.prompt_file",
    "matting_core.media.opening",
    "matting_core.export.formats",
    "matting_core.export.run",
    "matting_core.models.session",
    "matting_core.results.service",
    "matting_core.models.weights",
    "matting_core.models.files.overview",
    "matting_core.cli.main",
)
CHECK = """
import importlib, sys
from matting_core.models.registry import head_specs, tracker_specs
assert head_specs() and tracker_specs()
for name in sys.argv[1:]:
    importlib.import_module(name)
    heavy = {"torch", "sam2", "pymatting", "PySide6"} & set(sys.modules)
    assert not heavy, (name, heavy)
"""


def test_no_torch_before_a_model_is_built() -> None:
    command = [sys.executable, "-c", CHECK, *LIGHT]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
