"""What small dialogs say."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QWidget

from app.features.export.dialog import ExportDialog
from app.features.files.states_dialog import UnsavedDialog
from app.features.help.about_dialog import AboutDialog
from matting_core import __version__
from matting_core.document.project import Project
from matting_core.document.summary import ProjectSummary
from matting_core.export.formats import export_formats
from matting_core.export.png import Extra, PngOptions
from matting_core.export.run import ReadyCount
from tests.app.factories import a_clip
from tests.core.export.formats import RAW


def test_about_names_the_version_and_leads_to_the_parts_of_others(qtbot):
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    assert f"Wisp {__version__}" in dialog.name.text()
    assert dialog.name.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    link = dialog.licence.text().split('href="')[1].split('"')[0]
    assert Path(QUrl(link).toLocalFile()).read_text("utf-8").startswith("# Third-party")


def test_one_matte_and_one_frame_are_said_as_well_as_many(qtbot, tmp_path):
    dialog = ExportDialog(Project(clip=a_clip(1)), tmp_path, None)
    qtbot.addWidget(dialog)
    assert dialog.range.itemText(0) == "All frames: 1"
    dialog.show_count(ReadyCount(1, 0))
    assert dialog.ready.text() == "All mattes are ready: 1."
    dialog.show_count(ReadyCount(1, 3))
    assert "Mattes ready: 1." in dialog.ready.text()


def test_an_empty_list_has_no_heading(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    dialog = UnsavedDialog(window)
    dialog.show()
    dialog.show_states(())
    assert not dialog.about.isVisible()
    dialog.show_states((ProjectSummary(Path("a.wisp"), 0.0),))
    assert dialog.about.isVisible()


def test_a_format_brings_its_own_options(qtbot, tmp_path, monkeypatch):
    several = {**export_formats(), RAW.id: RAW}
    monkeypatch.setattr("app.features.export.dialog.export_formats", lambda: several)
    dialog = ExportDialog(Project(clip=a_clip(3)), tmp_path, None)
    qtbot.addWidget(dialog)
    assert list(dialog.controls) == ["bit_depth", "save"]
    dialog.controls["bit_depth"].widget.setCurrentIndex(1)
    dialog.controls["save"].boxes[Extra.ROI].setChecked(True)
    assert dialog.request.options == PngOptions(8, frozenset({Extra.ROI}))
    dialog.format.setCurrentIndex(1)
    assert dialog.windowTitle() == "Export Raw bytes"
    assert list(dialog.controls) == ["order"]
    dialog.controls["order"].widget.setCurrentIndex(1)
    assert dialog.request.spec is RAW
    assert dialog.request.options.order == "columns"
