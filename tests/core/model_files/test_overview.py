from __future__ import annotations

from dataclasses import replace

import pytest

from matting_core import registry, weights
from matting_core.errors import ModelError
from matting_core.model_files.overview import Kind, Row, State, rows, weights_of
from matting_core.model_files.probes import Probe, keep_probe, known_probes
from matting_core.registry import tracker_specs

PROBE = Probe("1", "CPU (2 threads)", 0.5, 7_000_000, "2026-11-21T12:00:00+00:00")


def _by_id(kind: Kind) -> dict[str, Row]:
    return {row.id: row for row in rows() if row.kind is kind}


def test_every_tracker_head_and_spare_file_has_a_row() -> None:
    trackers, heads = _by_id(Kind.TRACKER), _by_id(Kind.HEAD)
    assert "sam2-tiny-flow" in trackers
    assert "fake" not in trackers
    assert {"mask", "wisp", "sam2matting-tiny"} <= set(heads)
    told = {entry.id for row in rows() for entry in row.weights}
    assert told == set(weights.CATALOGUE)


def test_a_row_says_whose_and_whether_it_is_there() -> None:
    heads = _by_id(Kind.HEAD)
    assert heads["mask"].state is State.SHIPPED
    assert (heads["mask"].size, heads["mask"].licence) == (0, "Apache-2.0")
    assert heads["mask"].origin == "a part of Wisp"
    assert heads["wisp"].size == sum(entry.size for entry in heads["wisp"].weights)
    published = heads["sam2matting-tiny"]
    assert published.state is State.MISSING
    assert published.non_commercial
    assert published.licence == "CC-BY-NC-SA-4.0"
    assert published.address is None


def test_installed_weights_change_the_state() -> None:
    row = _by_id(Kind.HEAD)["sam2matting-tiny"]
    (entry,) = row.weights
    entry.path.parent.mkdir(parents=True)
    entry.path.touch()
    assert row.state is State.MISSING
    entry.path.with_name(f"{entry.path.name}.json").touch()
    assert row.state is State.INSTALLED


def test_missing_packages_are_named(monkeypatch) -> None:
    spec = replace(tracker_specs()["fake"], needs=(("no_such_package", "nosuch"),), hidden=False)
    monkeypatch.setattr(registry, "tracker_specs", lambda: {"needy": replace(spec, id="needy")})
    assert _by_id(Kind.TRACKER)["needy"].needs == ("nosuch",)


def test_probes_are_shown_for_the_version_that_was_tried() -> None:
    keep_probe("head:mask", PROBE)
    keep_probe("head:wisp", replace(PROBE, version="0"))
    heads = _by_id(Kind.HEAD)
    assert heads["mask"].probe == PROBE
    assert heads["wisp"].probe is None
    assert set(known_probes()) == {"head:mask", "head:wisp"}


@pytest.mark.parametrize("text", ["", "[1]", '{"head:mask": {"seconds": 1}}', "{"])
def test_damaged_probes_count_as_none(tmp_path, text) -> None:
    (tmp_path / "wisp-cache").mkdir()
    (tmp_path / "wisp-cache" / "probes.json").write_text(text)
    assert known_probes() == {}
    keep_probe("head:mask", PROBE)
    assert known_probes() == {"head:mask": PROBE}


def test_an_id_names_weights_or_what_loads_them() -> None:
    assert [entry.id for entry in weights_of("wisp-judge")] == ["wisp-judge"]
    assert [entry.id for entry in weights_of("wisp")] == ["wisp-head", "wisp-judge"]
    assert weights_of("mask") == ()
    with pytest.raises(ModelError, match="no model called 'nope'"):
        weights_of("nope")
