"""What small dialogs say."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QWidget

from app.features.export.dialog import ExportDialog
from app.features.export.link import ReadyCount
from app.features.files.states_dialog import UnsavedDialog
from app.features.help.about_dialog import AboutDialog
from matting_core import __version__
from matting_core.document.project import Project
from matting_core.document.summary import ProjectSummary
from tests.app.factories import a_clip


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
