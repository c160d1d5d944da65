"""What was made with other contents of a file has another key, and is never kept as its."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
import torch

from matting_core.errors import ModelError
from matting_core.models import registry, weights
from matting_core.models.files import store
from matting_core.models.files.contents import hash_contents
from matting_core.models.files.notes import note_path
from matting_core.models.heads.mask import SPEC as MASK
from matting_core.models.session import Session
from matting_core.models.trackers.fake import SPEC as FAKE
from matting_core.results.recipes import matte_key, segmentation_key
from matting_core.results.service import ResultService
from matting_core.results.store import MatteCache
from matting_core.types import FrameRange
from tests.core.factories import ONE, a_project, flat_source

ADDED, PUBLISHED = "sam3", "sam2.1-tiny"


def _put(number: float, weights_id: str = ADDED, source_sha256: str = "0" * 64) -> None:
    store.install({weights_id: {"w": torch.full((2,), number)}}, "w.pt", source_sha256)


def _load(monkeypatch, tracker: tuple[str, ...] = (), head: tuple[str, ...] = ()) -> None:
    """Make the fake tracker and the mask head models of these weights."""
    trackers = {**registry.tracker_specs(), "fake": replace(FAKE, weights=tracker)}
    heads = {**registry.head_specs(), "mask": replace(MASK, weights=head)}
    monkeypatch.setattr(registry, "tracker_specs", lambda: trackers)
    monkeypatch.setattr(registry, "head_specs", lambda: heads)


def _keys() -> tuple[str, str]:
    project = a_project()
    return segmentation_key(project, ONE, 0).digest, matte_key(project, ONE, 0).digest


def test_other_weights_of_a_tracker_give_other_keys_and_the_same_ones_the_same(monkeypatch) -> None:
    _load(monkeypatch, tracker=(ADDED,))
    _put(1)
    first = _keys()
    _put(2)
    second = _keys()
    assert first[0] != second[0]
    assert first[1] != second[1]
    _put(1)
    assert _keys() == first


def test_other_weights_of_a_head_change_the_matte_alone(monkeypatch) -> None:
    _load(monkeypatch, head=(ADDED,))
    _put(1)
    first = _keys()
    _put(2)
    second = _keys()
    assert first[0] == second[0]
    assert first[1] != second[1]


def test_what_was_made_stays_good_when_its_model_is_removed(monkeypatch) -> None:
    _load(monkeypatch, tracker=(ADDED,))
    _put(1)
    first = _keys()
    store.remove(weights.find(ADDED))
    assert _keys() == first
    _put(2)
    assert _keys() != first


def test_a_published_file_and_what_ships_have_the_keys_of_their_version(monkeypatch) -> None:
    plain = _keys()
    _load(monkeypatch, tracker=("wisp-head",), head=(PUBLISHED,))
    assert _keys() == plain
    _put(1, PUBLISHED, weights.find(PUBLISHED).download.sha256)
    assert _keys() == plain
    _put(2, PUBLISHED)
    assert _keys()[1] != plain[1]


def test_a_session_whose_files_were_replaced_keeps_nothing_more(monkeypatch) -> None:
    _load(monkeypatch, tracker=(ADDED,))
    _put(1)
    project, cache = a_project(), MatteCache()
    results = ResultService(cache)
    with Session.open(project.settings, flat_source()) as session:
        steps = results.make(results.plan(project, {ONE: (FrameRange(0, 12),)}), session)
        assert next(steps).result.frame == 0
        assert not session.outdated
        _put(2)
        assert session.outdated
        with pytest.raises(ModelError, match="file was replaced while it was in use; start again"):
            next(steps)
        with pytest.raises(ModelError, match="replaced"):
            results.preview(project, ONE, 0, session)
    assert not any(cache.has_matte(matte_key(a_project(), ONE, frame)) for frame in range(12))


def test_networks_of_an_older_file_are_not_used_again() -> None:
    _put(1)
    assert weights.load(ADDED)["w"].tolist() == [1, 1]
    _put(2)
    assert weights.load(ADDED)["w"].tolist() == [2, 2]


def test_what_another_process_installed_counts_once_it_is_loaded() -> None:
    _put(1)
    path = weights.find(ADDED).path
    files = {each: each.read_bytes() for each in (path, note_path(path))}
    first = hash_contents((ADDED,))
    _put(2)
    second = hash_contents((ADDED,))
    for each, data in files.items():
        each.write_bytes(data)
    assert hash_contents((ADDED,)) == second
    weights.load(ADDED)
    assert hash_contents((ADDED,)) == first


def test_keys_need_no_torch() -> None:
    code = "import sys, matting_core.results.recipes; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
