from __future__ import annotations

from dataclasses import replace

import pytest

from matting_core.document.project import Settings
from matting_core.errors import ExportError, LicenceError
from matting_core.models import licences, registry, weights
from matting_core.models.licences import (
    RestrictedModel,
    accept,
    is_accepted,
    list_unaccepted,
    require_accepted,
)
from matting_core.models.session import Session
from tests.core.factories import flat_source
from tests.core.licensed import HEADS, LICENCE, TRACKER, restrict_head, restrict_tracker

CHOSEN = Settings("fake", "mask")


def test_models_without_such_a_licence_are_not_asked_for() -> None:
    assert list_unaccepted(CHOSEN) == list_unaccepted(Settings("sam2.1-tiny", "wisp")) == ()


def test_tracker_and_head_are_asked_for_until_each_is_accepted(monkeypatch) -> None:
    restrict_tracker(monkeypatch)
    restrict_head(monkeypatch)
    tracker, head = list_unaccepted(CHOSEN)
    assert tracker == RestrictedModel("fake", "Fake (tests)", LICENCE, (TRACKER,))
    assert head == RestrictedModel("mask", "Mask only", LICENCE, (HEADS,))
    accept([TRACKER])
    assert list_unaccepted(CHOSEN) == (head,)
    accept([HEADS])
    assert list_unaccepted(CHOSEN) == ()


def test_tracker_and_head_of_one_name_are_asked_for_together(monkeypatch) -> None:
    restrict_tracker(monkeypatch)
    restrict_head(monkeypatch)
    trackers, heads = licences.tracker_specs(), licences.head_specs()
    monkeypatch.setattr(
        licences,
        "tracker_specs",
        lambda: {"both": replace(trackers["fake"], id="both", title="Both")},
    )
    monkeypatch.setattr(
        licences, "head_specs", lambda: {"both": replace(heads["mask"], id="both", title="Both")}
    )
    assert list_unaccepted(Settings("both", "both")) == (
        RestrictedModel("both", "Both", LICENCE, (TRACKER, HEADS)),
    )


def test_what_is_not_installed_or_unknown_is_refused_elsewhere(monkeypatch) -> None:
    restrict_head(monkeypatch)
    weights.find(HEADS).path.unlink()
    assert list_unaccepted(CHOSEN) == ()
    assert list_unaccepted(Settings("no-such-tracker", "no-such-head")) == ()


def test_one_of_two_accepted_is_not_both() -> None:
    accept(["one", "two"])
    assert is_accepted(["one", "two"])
    assert not is_accepted(["one", "three"])


def test_an_answer_that_cannot_be_kept_is_an_error(tmp_path, monkeypatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("WISP_CACHE", str(tmp_path / "file"))
    with pytest.raises(ExportError):
        accept(["one"])


def test_the_error_says_how_to_accept_and_for_what(monkeypatch) -> None:
    restrict_head(monkeypatch)
    with pytest.raises(LicenceError) as caught:
        require_accepted(CHOSEN)
    assert str(caught.value) == (
        "Mask only is licensed under CC-BY-NC-SA-4.0: not for commercial use; run "
        "`wisp models accept mask` if you accept that, or choose another model."
    )
    assert caught.value.weights_ids == (HEADS,)


def test_no_session_uses_such_a_model_unasked(monkeypatch) -> None:
    restrict_head(monkeypatch)
    built = []
    spec = registry.head_specs()["mask"]
    counting = replace(spec, build=lambda device: built.append(device) or spec.build(device))
    monkeypatch.setattr("matting_core.models.session.head_spec", lambda _id: counting)
    with pytest.raises(LicenceError):
        Session.open(CHOSEN, flat_source())
    assert built == []
    accept([HEADS])
    Session.open(CHOSEN, flat_source()).close()
    assert len(built) == 1
