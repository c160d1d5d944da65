"""Everything that takes keys says what it is to a screen reader, and forms have Alt letters."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from app.features.models.licence_dialog import LicenceDialog
from app.features.objects import commands as conditions
from app.main_window import MainWindow
from matting_core.models import registry
from matting_core.models.trackers.fake import SPEC
from tests.app.conftest import do
from tests.tables import table

INPUTS = (QLineEdit, QComboBox, QAbstractSpinBox, QCheckBox)
SILENT = {"QScrollBar", "QComboBoxPrivateContainer", "QComboBoxListView", "QMenuBar"}
"""Parts of other controls, which speak for them."""


def _given(command_id: str) -> Callable[[MainWindow], None]:
    return lambda window: do(window, command_id)


def _ask_licence(window: MainWindow) -> None:
    LicenceDialog("SAM2Matting Tiny", "CC-BY-NC-SA-4.0", (), window).open()


DIALOGS = {
    "about": _given("help.about"),
    "backups": _given("file.revert"),
    "collect": _given("file.collect"),
    "export": _given("file.export"),
    "guide": _given("help.guide"),
    "import alpha": _given("file.import_alpha"),
    "keys": _given("help.keys"),
    "licence": _ask_licence,
    "models": _given("edit.models"),
    "palette": _given("help.palette"),
    "preferences": _given("edit.preferences"),
    "text": _given("edit.text"),
    "unsaved": _given("file.unsaved"),
    "versions": _given("track.versions"),
}


def takes_keys(widget: QWidget) -> bool:
    inner = widget.objectName().startswith("qt_")
    by_tab = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    return bool(by_tab) and not inner and widget.focusProxy() is None


def name(widget: QWidget) -> str:
    """What a screen reader says: the accessible name, or else the text or the label beside it."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def nameless(root: QWidget) -> list[str]:
    return [
        f"{type(each).__name__} in {type(each.parent()).__name__} ({each.toolTip()})"
        for each in root.findChildren(QWidget)
        if takes_keys(each) and each.metaObject().className() not in SILENT
        if not name(each).strip()
    ]


def letters(dialog: QWidget) -> list[str]:
    """The Alt letters of a dialog."""
    labels = [each for each in dialog.findChildren(QLabel) if each.buddy() is not None]
    buttons = [each for each in dialog.findChildren(QAbstractButton) if each.isVisible()]
    found = (QKeySequence.mnemonic(each.text()).toString() for each in [*labels, *buttons])
    return [letter for letter in found if letter]


def letterless(dialog: QWidget) -> list[str]:
    """The inputs of a form that no Alt letter leads to; one to search in has the focus at first."""
    labels, buttons = dialog.findChildren(QLabel), dialog.findChildren(QAbstractButton)
    targets = [*((each, each.buddy()) for each in labels), *((each, each) for each in buttons)]
    marked = [to for each, to in targets if QKeySequence.mnemonic(each.text()).toString()]
    search = getattr(dialog, "search", getattr(dialog, "line", None))
    return [
        f"{type(each).__name__} {name(each)}"
        for each in dialog.findChildren(QWidget)
        if isinstance(each, INPUTS) and takes_keys(each)
        if each not in marked and each is not search
    ]


@pytest.fixture
def ready(opened, hand, tmp_path, qtbot, monkeypatch) -> MainWindow:
    """A window in which every dialog can be shown."""
    specs = {**registry.tracker_specs(), "fake": replace(SPEC, accepts=SPEC.accepts | {"text"})}
    for module in (registry, conditions):
        monkeypatch.setattr(module, "tracker_specs", lambda: specs)
    hand.click(80, 100)
    with qtbot.waitSignal(opened.editor.files.saved):
        opened.editor.files.save(tmp_path / "fox.wisp")
    do(opened, "track.both")
    qtbot.waitUntil(lambda: not opened.editor.runner.tracking)
    hand.click(200, 60)
    return opened


def test_every_control_of_the_window_has_a_name(opened, hand):
    hand.click(80, 100)
    opened.editor.messenger.tell("A message")
    assert nameless(opened) == []


@table("what", DIALOGS)
def test_every_control_of_a_dialog_has_a_name_and_every_input_a_letter(ready, what):
    before = set(QApplication.topLevelWidgets())
    DIALOGS[what](ready)
    (dialog,) = [
        each
        for each in QApplication.topLevelWidgets()
        if each not in before and each.isVisible() and each.parent() is ready
    ]
    assert [each for each in dialog.findChildren(QWidget) if takes_keys(each)]
    assert nameless(dialog) == []
    assert letterless(dialog) == []
    assert [letter for letter, count in Counter(letters(dialog)).items() if count > 1] == []
    dialog.close()


def test_the_walk_finds_a_control_without_a_name(opened):
    QPushButton(opened.stage).setToolTip("A tooltip is no name")
    QPushButton(opened.findChild(QWidget, "tools"))
    assert nameless(opened) == [
        "QPushButton in Stage (A tooltip is no name)",
        "QPushButton in QToolBar ()",
    ]
