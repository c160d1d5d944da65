"""The models dialog and the choice of a model: real widgets, a small catalogue, a local server."""

import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.features.models import work as model_work
from app.features.models.dialog import ModelsDialog
from app.features.models.licence_dialog import LicenceDialog
from app.features.models.removal import RemovalDialog
from matting_core.models import licences, registry, weights
from matting_core.models.files.overview import ModelState
from matting_core.models.files.probes import Probe, keep_probe
from matting_core.models.files.store import partial_path
from matting_core.models.heads import mask
from matting_core.models.registry import tracker_specs
from matting_core.results.status import Status
from tests.app.conftest import FAKE, FRAMES, Hand, do, open_and_wait
from tests.core.licensed import HEADS, TRACKER, install, restrict_head
from tests.core.models.files.offers import offer, small_file
from tests.core.models.files.server import Site, serving
from tests.core.models.files.small import sam2matting, sam21, small_networks

__all__ = ["small_networks"]
PUBLISHED = "head:sam2matting-tiny"
TINY = "tracker:sam2.1-tiny"


def click(button):
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def shown(window, kind):
    (found,) = [dialog for dialog in window.findChildren(kind) if dialog.isVisible()]
    return found


def until(qtbot, condition):
    """Wait for what another thread or process does, on a busy machine too."""
    qtbot.waitUntil(condition, timeout=60_000)


def idle(dialog, qtbot):
    until(qtbot, dialog.cancel.isHidden)


@pytest.fixture
def dialog(window) -> ModelsDialog:
    do(window, "edit.models")
    return shown(window, ModelsDialog)


@pytest.fixture
def site(small_networks):
    with serving(Site(small_file())) as found:
        yield found


@pytest.fixture
def offered(site, monkeypatch):
    return offer(monkeypatch, site)


def test_the_columns_say_what_they_are(dialog):
    header = dialog.table.headerItem()
    titles = [header.text(column) for column in range(dialog.table.columnCount())]
    assert titles == ["Model", "State", "Size", "Licence", "Speed here", "Memory", "From"]


def texts(dialog):
    table = dialog.table
    items = [table.topLevelItem(number) for number in range(table.topLevelItemCount())]
    return [[item.text(column) for column in range(table.columnCount())] for item in items]


def line(dialog, title):
    """The row of a title; SAM2Matting's are trackers and heads, and the heads come last."""
    return [cells for cells in texts(dialog) if cells[0] == title][-1]


def enabled(dialog):
    return {
        name
        for name in ("download", "import_file", "verify", "probe", "remove")
        if getattr(dialog, name).isEnabled()
    }


def test_every_tracker_and_head_is_listed(dialog):
    assert not dialog.isModal()
    assert [cells[0] for cells in texts(dialog)][:2] == ["Trackers", "SAM 2 Tiny + flow"]
    flow = line(dialog, "SAM 2 Tiny + flow")
    assert flow[1:5] == ["part of Wisp", "33 MB", "Apache-2.0", "–"]
    assert flow[6] == "Meta Platforms, SAM 2.0 (2024)"
    published = line(dialog, "SAM2Matting Tiny")
    assert published[1:4] == ["not installed", "20 MB", "CC-BY-NC-SA-4.0, non-commercial"]
    assert not any("Fake" in cells[0] for cells in texts(dialog))


def test_buttons_fit_the_chosen_model(dialog):
    for key, expected in {
        "tracker:sam2-tiny-flow": {"verify", "probe"},
        "head:mask": {"probe"},
        PUBLISHED: set(),
        TINY: {"download"},
    }.items():
        dialog.choose(key)
        assert dialog.table.row.key == key
        assert enabled(dialog) == {"import_file", *expected}
    dialog.choose(PUBLISHED)
    assert "Not for commercial use. Get its file from its authors" in dialog.about.text()


def test_a_licence_that_asks_for_more_is_shown_with_a_link(dialog):
    for key, address in {
        PUBLISHED: "https://creativecommons.org/licenses/by-nc-sa/4.0/",
        "tracker:sam3": "https://github.com/facebookresearch/sam3/blob/main/LICENSE",
    }.items():
        dialog.choose(key)
        assert dialog.about.text().endswith(f'<a href="{address}">{address}</a>')
    assert dialog.about.openExternalLinks()
    dialog.choose(TINY)
    assert "<a" not in dialog.about.text()


def test_without_any_model_it_says_what_to_do(window, monkeypatch):
    monkeypatch.setattr(window.editor.models, "rows", tuple)
    do(window, "edit.models")
    dialog = shown(window, ModelsDialog)
    assert not dialog.table.isVisible()
    assert enabled(dialog) == {"import_file"}


def test_a_second_call_shows_the_same_dialog_and_a_closed_one_comes_anew(window, dialog):
    do(window, "edit.models")
    assert shown(window, ModelsDialog) is dialog
    dialog.close()
    do(window, "edit.models")
    assert shown(window, ModelsDialog) is not dialog


def test_a_model_is_downloaded_in_the_background(window, site, offered, dialog, qtbot):
    site.gate = threading.Event()
    dialog.choose(TINY)
    click(dialog.download)
    until(qtbot, lambda: "Downloading SAM 2.1 Tiny (MB): " in dialog.news.text())
    assert dialog.bar.isVisible()
    assert enabled(dialog) == set()
    until(qtbot, lambda: "Downloading" in window.status.text)
    site.gate.set()
    idle(dialog, qtbot)
    assert weights.is_installed("sam2.1-tiny")
    assert line(dialog, "SAM 2.1 Tiny")[1] == "installed"
    assert "is installed" in dialog.news.text()
    assert enabled(dialog) == {"import_file", "verify", "probe", "remove"}


def test_a_cancelled_download_is_gone_on_with(site, offered, dialog, qtbot):
    site.gate = threading.Event()
    dialog.choose(TINY)
    click(dialog.download)
    part = partial_path(offered)
    until(qtbot, lambda: part.exists() and part.stat().st_size > 0)
    click(dialog.cancel)
    site.gate.set()
    idle(dialog, qtbot)
    assert dialog.news.text() == "Cancelled."
    assert line(dialog, "SAM 2.1 Tiny")[1].endswith("% downloaded")
    assert dialog.download.text() == "Resume &download"
    click(dialog.download)
    idle(dialog, qtbot)
    assert weights.is_installed("sam2.1-tiny")
    assert site.asked[1].startswith("bytes=")


def test_an_unreachable_server_is_one_sentence(site, offered, dialog, qtbot, log_guard):
    log_guard.expect("answered 503")
    site.status = 503
    dialog.choose(TINY)
    click(dialog.download)
    idle(dialog, qtbot)
    assert "fetch it by hand and run `wisp models import FILE`" in dialog.news.text()


def test_a_model_is_verified_and_removed(site, offered, dialog, qtbot, log_guard):
    dialog.choose(TINY)
    click(dialog.download)
    idle(dialog, qtbot)
    click(dialog.verify)
    until(qtbot, lambda: dialog.news.text() == "Whole: sam2.1-tiny.")
    idle(dialog, qtbot)
    offered.path.write_bytes(b"x")
    log_guard.expect("damaged; download it again under Edit > Models")
    click(dialog.verify)
    idle(dialog, qtbot)
    assert "damaged" in dialog.news.text()
    assert line(dialog, "SAM 2.1 Tiny")[1] == "damaged"
    click(dialog.remove)
    question = shown(dialog, RemovalDialog)
    assert question.findChild(QLabel).text() == (
        "This deletes SAM 2.1 Hiera Tiny: 0 MB.\n\nTo have it back, download it again."
    )
    question.reject()
    assert offered.path.exists()
    click(dialog.remove)
    click(shown(dialog, RemovalDialog).findChild(QPushButton, "remove_model"))
    idle(dialog, qtbot)
    assert dialog.news.text() == "Removed: sam2.1-tiny."
    assert not offered.path.exists()


@pytest.mark.usefixtures("small_networks")
@pytest.mark.parametrize("kind", ["tracker", "head"])
def test_a_tracker_is_removed_with_its_head_even_if_it_is_in_use(make_window, kind, qtbot):
    install(HEADS)
    install(TRACKER)
    licences.accept([HEADS, TRACKER])
    window = make_window(settings=replace(FAKE, head="sam2matting-tiny"))
    do(window, "edit.models")
    dialog = shown(window, ModelsDialog)
    dialog.choose(f"{kind}:sam2matting-tiny")
    click(dialog.remove)
    question = shown(dialog, RemovalDialog)
    said = question.findChild(QLabel).text()
    assert "deletes SAM2Matting Tiny, tracker, SAM2Matting Tiny, heads: 0 MB" in said
    assert "The open project uses it" in said
    assert "import its file again" in said
    click(question.findChild(QPushButton, "remove_model"))
    idle(dialog, qtbot)
    assert not any(weights.is_installed(each) for each in (HEADS, TRACKER))


@pytest.mark.usefixtures("small_networks")
def test_all_files_of_a_model_are_verified(dialog, monkeypatch, qtbot, log_guard):
    log_guard.expect("damaged; get a whole copy of Wisp. The weights 'wisp-judge'")
    entries = {
        key: replace(weights.CATALOGUE[key], sha256="0" * 64) for key in ("wisp-head", "wisp-judge")
    }
    monkeypatch.setattr(weights, "CATALOGUE", {**weights.CATALOGUE, **entries})
    dialog._models.changed.emit()
    dialog.choose("head:wisp")
    click(dialog.verify)
    idle(dialog, qtbot)
    assert line(dialog, "Wisp")[1] == "damaged"
    assert "get a whole copy of Wisp" in dialog.about.text()


def test_a_damaged_model_is_downloaded_again(window, site, offered, dialog, qtbot, log_guard):
    dialog.choose(TINY)
    click(dialog.download)
    idle(dialog, qtbot)
    whole = offered.path.read_bytes()
    offered.path.write_bytes(whole[:-1] + b"?")
    log_guard.expect("damaged; download it again under Edit > Models")
    click(dialog.verify)
    idle(dialog, qtbot)
    assert line(dialog, "SAM 2.1 Tiny")[1] == "damaged"
    assert "download it again" in dialog.about.text()
    assert enabled(dialog) == {"download", "import_file", "verify", "remove"}
    box = box_of(window, "tracker")
    assert box.itemText(box.findData("sam2.1-tiny")) == "SAM 2.1 Tiny (damaged)"
    click(dialog.download)
    idle(dialog, qtbot)
    assert offered.path.read_bytes() == whole
    assert line(dialog, "SAM 2.1 Tiny")[1] == "installed"


def test_a_model_that_was_cut_short_is_damaged_before_anybody_verifies(
    window, site, offered, dialog, qtbot
):
    dialog.choose(TINY)
    click(dialog.download)
    idle(dialog, qtbot)
    offered.path.write_bytes(b"x")
    dialog.close()
    do(window, "edit.models")
    again = shown(window, ModelsDialog)
    assert line(again, "SAM 2.1 Tiny")[1] == "damaged"
    again.choose(TINY)
    click(again.download)
    idle(again, qtbot)
    assert line(again, "SAM 2.1 Tiny")[1] == "installed"


def import_published(dialog, tmp_path, qtbot):
    path = tmp_path / "SAM2Matting.pt"
    torch.save({"model": sam2matting()}, path)
    dialog._on_import_chosen(str(path))
    until(qtbot, lambda: bool(dialog.findChildren(LicenceDialog)))
    idle(dialog, qtbot)
    return shown(dialog, LicenceDialog)


@pytest.mark.usefixtures("small_networks")
def test_an_imported_licence_is_asked_for_once(window, dialog, tmp_path, qtbot):
    question = import_published(dialog, tmp_path, qtbot)
    click(question.findChild(QPushButton, "accept_licence"))
    ids = ("sam2matting-tiny-tracker", "sam2matting-tiny-heads")
    assert licences.is_accepted(ids)
    assert all(weights.is_installed(weights_id) for weights_id in ids)
    assert line(dialog, "SAM2Matting Tiny")[1] == "installed"
    window.panels.models.boxes[1].activated.emit(0)
    assert not window.findChildren(LicenceDialog) or not question.isVisible()


@pytest.mark.usefixtures("small_networks")
def test_an_import_whose_licence_is_not_accepted_goes_again(window, dialog, tmp_path, qtbot):
    question = import_published(dialog, tmp_path, qtbot)
    question.reject()
    until(qtbot, lambda: line(dialog, "SAM2Matting Tiny")[1] == "not installed")
    assert not licences.is_accepted(["sam2matting-tiny-heads"])


def test_a_file_that_is_no_model_is_refused(dialog, tmp_path, qtbot, log_guard):
    log_guard.expect("is not a checkpoint")
    path = tmp_path / "letter.pt"
    path.write_text("Dear Wisp")
    dialog._on_import_chosen(str(path))
    idle(dialog, qtbot)
    assert "is not a checkpoint; choose a .pt or .safetensors file" in dialog.news.text()


def test_import_asks_for_a_file(dialog):
    click(dialog.import_file)
    from PySide6.QtWidgets import QFileDialog

    chooser = dialog.findChild(QFileDialog)
    assert chooser.isVisible()
    chooser.close()


@pytest.fixture
def probes(monkeypatch):
    """Processes that end at once; the true ones are tested without a window."""
    outcomes = {"head:mask": "", "tracker:slow": "import time; time.sleep(60)"}

    def start(key, _device):
        if not outcomes.get(key, "fails"):
            keep_probe(key, Probe(mask.SPEC.version, "CPU", 0.25, 7_000_000, "2026-11-21"))
        code = outcomes.get(key, "import sys; sys.exit('wisp: It is not whole; get it.')")
        command = [sys.executable, "-S", "-c", code]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    monkeypatch.setattr(model_work, "start_probe", start)


@pytest.mark.usefixtures("probes")
def test_a_probe_fills_the_table(dialog, qtbot):
    dialog.choose("head:mask")
    click(dialog.probe)
    idle(dialog, qtbot)
    assert dialog.news.text() == "Mask only: 0.25 s/frame, 7 MB on CPU."
    assert line(dialog, "Mask only")[4:6] == ["0.25 s/frame", "7 MB"]
    assert dialog.table.row.key == "head:mask"


def test_unknown_memory_is_a_dash(window, dialog):
    keep_probe("head:mask", Probe(mask.SPEC.version, "Apple GPU", 0.25, None, "2026-11-21"))
    window.editor.models.changed.emit()
    assert line(dialog, "Mask only")[4:6] == ["0.25 s/frame", "–"]


@pytest.mark.usefixtures("probes")
def test_a_cancelled_probe_ends_its_process(dialog, qtbot):
    models = dialog._models
    models.probe(replace(models.rows()[0], id="slow"))
    click(dialog.cancel)
    idle(dialog, qtbot)
    assert dialog.news.text() == "Cancelled."


@pytest.mark.usefixtures("probes")
def test_a_probe_that_fails_says_why(window, qtbot, log_guard):
    log_guard.expect("It is not whole")
    said = []
    window.editor.models.said.connect(lambda text, failed: said.append((text, failed)))
    row = replace(window.editor.models.rows()[0], id="nope")
    window.editor.models.probe(row)
    until(qtbot, lambda: bool(said))
    assert said == [("It is not whole; get it.", True)]


@pytest.mark.usefixtures("small_networks")
def test_mattes_are_stale_once_other_weights_are_imported(
    make_window, clip, tmp_path, monkeypatch, qtbot
):
    specs = {**registry.tracker_specs()}
    specs["fake"] = replace(specs["fake"], weights=("sam2.1-tiny",))
    monkeypatch.setattr(registry, "tracker_specs", lambda: specs)
    window = make_window()
    open_and_wait(window, clip, qtbot)
    editor = window.editor
    import_tuned(editor, tmp_path, 1.0, qtbot)
    Hand(window).click(80, 100)
    do(window, "track.all")
    counted = lambda: Counter(editor.results.statuses(1).tolist())  # noqa: E731
    until(qtbot, lambda: counted() == {Status.FRESH: FRAMES})
    import_tuned(editor, tmp_path, 2.0, qtbot)
    until(qtbot, lambda: counted() == {Status.STALE: FRAMES - 1, Status.FRESH: 1})


def import_tuned(editor, tmp_path, factor, qtbot):
    """A file of the same network with other numbers."""
    path = tmp_path / "tuned.pt"
    torch.save({"model": {name: factor * value for name, value in sam21().items()}}, path)
    editor.models.import_file(path)
    until(qtbot, lambda: editor.models.job is None)


def box_of(window, kind):
    return window.panels.models.boxes[0 if kind == "tracker" else 1]


def pick(window, kind, model_id):
    box = box_of(window, kind)
    at = box.findData(model_id)
    box.setCurrentIndex(at)
    box.activated.emit(at)


def test_a_model_that_is_not_installed_opens_the_dialog_on_its_row(window, qtbot):
    box = box_of(window, "head")
    texts = [box.itemText(number) for number in range(box.count())]
    assert "SAM2Matting Tiny (not installed)" in texts
    pick(window, "head", "sam2matting-tiny")
    assert shown(window, ModelsDialog).table.row.key == PUBLISHED
    until(qtbot, lambda: box.currentData() == "mask")
    assert window.editor.project.settings.head == "mask"


@pytest.fixture
def restricted(monkeypatch):
    restrict_head(monkeypatch, "closed-form")


def test_a_restricted_licence_is_accepted_before_the_model_is_used(window, restricted, qtbot):
    pick(window, "head", "closed-form")
    question = shown(window, LicenceDialog)
    assert window.editor.project.settings.head == "mask"
    question.reject()
    until(qtbot, lambda: box_of(window, "head").currentData() == "mask")
    pick(window, "head", "closed-form")
    click(shown(window, LicenceDialog).findChild(QPushButton, "accept_licence"))
    assert window.editor.project.settings.head == "closed-form"
    do(window, "edit.undo")
    pick(window, "head", "closed-form")
    assert window.editor.project.settings.head == "closed-form"


def test_an_answer_that_cannot_be_remembered_is_none(window, restricted, tmp_path):
    pick(window, "head", "closed-form")
    (tmp_path / "wisp-cache").mkdir(exist_ok=True)
    (tmp_path / "wisp-cache" / "accepted-licences").touch()
    question = shown(window, LicenceDialog)
    click(question.findChild(QPushButton, "accept_licence"))
    assert question.isVisible()
    assert "choose another" in question.findChild(QLabel).text()
    assert window.editor.project.settings.head == "mask"
    question.reject()


def test_a_tracker_that_needs_a_package_says_so(monkeypatch, make_window):
    spec = replace(tracker_specs()["fake"], id="needy", title="Needy", hidden=False)
    spec = replace(spec, needs=(("no_such_package", "nosuch"),))
    specs = {**registry.tracker_specs(), "needy": spec}
    monkeypatch.setattr("app.features.models.panel.tracker_specs", lambda: specs)
    monkeypatch.setattr(registry, "tracker_specs", lambda: specs)
    window = make_window()
    box = box_of(window, "tracker")
    assert box.itemText(box.findData("needy")) == "Needy (needs nosuch)"
    pick(window, "tracker", "needy")
    dialog = shown(window, ModelsDialog)
    assert dialog.table.row.state is ModelState.SHIPPED
    assert "pip install nosuch" in dialog.about.text()
    assert enabled(dialog) == {"import_file"}


def test_closing_the_window_ends_a_download(make_window, site, offered, qtbot):
    window = make_window()
    do(window, "edit.models")
    dialog = shown(window, ModelsDialog)
    dialog.choose(TINY)
    site.gate = threading.Event()
    click(dialog.download)
    until(qtbot, lambda: partial_path(offered).exists())
    threading.Timer(0.2, site.gate.set).start()
    window.close()
    assert not weights.is_installed("sam2.1-tiny")


def test_escape_cancels_a_download(window, site, offered, dialog, qtbot):
    site.gate = threading.Event()
    dialog.choose(TINY)
    click(dialog.download)
    do(window, "track.cancel")
    site.gate.set()
    idle(dialog, qtbot)
    assert dialog.news.text() == "Cancelled."
    until(qtbot, lambda: not window.commands["track.cancel"].isEnabled())
