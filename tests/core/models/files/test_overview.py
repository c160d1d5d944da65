from __future__ import annotations

import os
from dataclasses import replace

import pytest

from matting_core.errors import ModelError, WeightsError
from matting_core.models import registry, weights
from matting_core.models.files.notes import InstallNote, note_path, write_note
from matting_core.models.files.overview import (
    ModelEntry,
    ModelKind,
    ModelState,
    find_weights,
    list_models,
)
from matting_core.models.files.probes import Probe, keep_probe, known_probes
from matting_core.models.registry import tracker_specs
from tests.tables import table

NOTE = InstallNote("0" * 64, 4, "w.pt", "0" * 64, "2026-11-21")
PROBE = Probe("1", "CPU (2 threads)", 0.5, 7_000_000, "2026-11-21T12:00:00+00:00")


def _by_id(kind: ModelKind) -> dict[str, ModelEntry]:
    return {row.id: row for row in list_models() if row.kind is kind}


def test_every_tracker_head_and_spare_file_has_a_row() -> None:
    trackers, heads = _by_id(ModelKind.TRACKER), _by_id(ModelKind.HEAD)
    assert "sam2-tiny-flow" in trackers
    assert "fake" not in trackers
    assert {"mask", "wisp", "sam2matting-tiny"} <= set(heads)
    told = {entry.id for row in list_models() for entry in row.weights}
    assert told == set(weights.CATALOGUE)


def test_a_row_says_whose_and_whether_it_is_there() -> None:
    heads = _by_id(ModelKind.HEAD)
    assert heads["mask"].state is ModelState.SHIPPED
    assert (heads["mask"].size, heads["mask"].licence) == (0, "Apache-2.0")
    assert heads["mask"].origin == "a part of Wisp"
    assert heads["wisp"].size == sum(entry.size for entry in heads["wisp"].weights)
    published = heads["sam2matting-tiny"]
    assert published.state is ModelState.MISSING
    assert published.non_commercial
    assert published.licence == "CC-BY-NC-SA-4.0"
    assert published.address is None


def test_installed_weights_change_the_state() -> None:
    row = _by_id(ModelKind.HEAD)["sam2matting-tiny"]
    (entry,) = row.weights
    entry.path.parent.mkdir(parents=True)
    entry.path.touch()
    assert row.state is ModelState.MISSING
    write_note(entry.path, replace(NOTE, size=0))
    assert row.state is ModelState.INSTALLED
    assert row.usable


@table("damage", ["size", "note", "contents"])
def test_what_is_known_to_be_damaged_is_offered_again(damage) -> None:
    row = next(row for row in list_models() if row.key == "tracker:sam2.1-tiny")
    (entry,) = row.weights
    entry.path.parent.mkdir(parents=True)
    entry.path.write_bytes(b"1234")
    write_note(entry.path, NOTE)
    assert (row.state, row.offered) == (ModelState.INSTALLED, ())
    if damage == "size":
        entry.path.write_bytes(b"123")
    elif damage == "note":
        note_path(entry.path).write_text("{")
    else:
        with pytest.raises(WeightsError, match="are damaged; download it again under"):
            weights.verify(entry)
    assert (row.state, row.offered) == (ModelState.DAMAGED, (entry,))
    assert not row.usable


def test_a_file_in_the_place_of_a_damaged_one_is_not_damaged() -> None:
    row = next(row for row in list_models() if row.key == "tracker:sam2.1-tiny")
    (entry,) = row.weights
    entry.path.parent.mkdir(parents=True)
    entry.path.write_bytes(b"1234")
    write_note(entry.path, NOTE)
    with pytest.raises(WeightsError):
        weights.verify(entry)
    entry.path.write_bytes(b"4321")
    os.utime(entry.path, ns=(1, 1))
    assert row.state is ModelState.INSTALLED


def test_missing_packages_are_named(monkeypatch) -> None:
    spec = replace(tracker_specs()["fake"], needs=(("no_such_package", "nosuch"),), hidden=False)
    monkeypatch.setattr(registry, "tracker_specs", lambda: {"needy": replace(spec, id="needy")})
    assert _by_id(ModelKind.TRACKER)["needy"].needs == ("nosuch",)


def test_probes_are_shown_for_the_version_that_was_tried() -> None:
    keep_probe("head:mask", PROBE)
    keep_probe("head:wisp", replace(PROBE, version="0"))
    heads = _by_id(ModelKind.HEAD)
    assert heads["mask"].probe == PROBE
    assert heads["wisp"].probe is None
    assert set(known_probes()) == {"head:mask", "head:wisp"}


@table("text", ["", "[1]", '{"head:mask": {"seconds": 1}}', "{"])
def test_damaged_probes_count_as_none(tmp_path, text) -> None:
    (tmp_path / "wisp-cache").mkdir()
    (tmp_path / "wisp-cache" / "probes.json").write_text(text)
    assert known_probes() == {}
    keep_probe("head:mask", PROBE)
    assert known_probes() == {"head:mask": PROBE}


def test_an_id_names_weights_or_what_loads_them() -> None:
    assert [entry.id for entry in find_weights("wisp-judge")] == ["wisp-judge"]
    assert [entry.id for entry in find_weights("wisp")] == ["wisp-head", "wisp-judge"]
    assert find_weights("mask") == ()
    with pytest.raises(ModelError, match="no model called 'nope'"):
        find_weights("nope")
