"""The window: docks, menus and dialogs; what it shows is the editor's."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDockWidget,
    QFileDialog,
    QMainWindow,
    QMenu,
    QTabBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.canvas.stage import Stage
from app.canvas.tools.gestures import ToolContext
from app.editor import Editor
from app.features.export.dialog import ExportDialog
from app.features.files.dialogs import FileDialogs
from app.features.files.saved_state import SavedState
from app.features.models.choice import ModelChoice, uses_model
from app.features.models.dialog import ModelsDialog
from app.features.models.licence_offer import LicenceOffer
from app.features.models.memory_offer import MemoryOffer
from app.features.models.panel import ModelsPanel
from app.features.objects.links import ask_color
from app.features.objects.prompts_panel import PromptsPanel
from app.features.objects.text_dialog import TextDialog
from app.features.review.backdrop_choice import BackdropChoice
from app.features.review.versions_dialog import VersionsDialog
from app.shell.bars import (
    RecentMenu,
    dock_title,
    fill_menus,
    finishing_panel,
    objects_panel,
    tool_bar,
    transport_bar,
)
from app.shell.commands import ActionSet
from app.shell.keys.focus_ring import FocusRing
from app.shell.keys.key_words import KeyWords
from app.shell.keys.modifier_keys import ModifierKeys
from app.shell.keys.number_keys import NumberKeys
from app.shell.keys.panel_cycle import Step, focus_next
from app.shell.menus import commands, key_bindings
from app.shell.menus.window import PANELS
from app.shell.panel_links import PanelLinks, Panels
from app.shell.scrolled import Scrolled
from app.shell.status_bar import StatusBar
from app.shell.window_dialogs import WindowDialogs
from app.timeline.widget import Timeline
from matting_core.export.png import ExportOptions

_PANEL_WIDTH = 260
_PANEL_HEIGHTS = {"objects": 240, "prompts": 100, "finishing": 410}


class MainWindow(QMainWindow):
    """Puts the parts together; implements `actions.Shell`."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self.setAcceptDrops(True)
        self.file_dialogs = FileDialogs(editor, self)
        self.stage = Stage(editor)
        self.setCentralWidget(self.stage)
        self.actions_by_id = ActionSet(commands(), key_bindings(editor.user, self), self, self)
        self._key_words = KeyWords(self.actions_by_id.bindings, self)
        self.dialogs = WindowDialogs(self.actions_by_id, editor, self)
        self.panels = Panels(
            objects_panel(self.actions_by_id, self),
            PromptsPanel(self.actions_by_id["edit.delete"]),
            ModelsPanel(),
            finishing_panel(self.actions_by_id),
            Timeline(),
        )
        self.status = StatusBar(self.editor.jobs)
        self.setStatusBar(self.status)
        self._backdrop = BackdropChoice(editor.view, editor.user, self)
        self._refresh = QTimer(self, singleShot=True, interval=0)
        self._add_docks()
        self._add_menus()
        self._saved_state = SavedState(editor.document, editor.files, editor.recovery, self)
        self._choice = ModelChoice(editor, self)
        self._licence_offer = LicenceOffer(editor, self)
        self._memory_offer = MemoryOffer(editor, self._choice, self)
        self._links = PanelLinks(editor, self.panels, self._choice, self)
        self.ring = FocusRing(self)
        NumberKeys(self.findChildren(QAbstractSpinBox), self.stage.canvas, self)
        self._connect()
        self._restore_geometry()
        self._on_refresh()

    def ask_clip(self) -> None:
        """See `Shell.ask_clip`."""
        chooser = self._chooser(self.tr("Open clip or project"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(self.open_path)
        chooser.open()

    def ask_folder(self) -> None:
        """See `Shell.ask_folder`."""
        chooser = self._chooser(self.tr("Open folder of stills"))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.fileSelected.connect(self.open_path)
        chooser.open()

    def save(self) -> None:
        """See `Shell.save`."""
        if self.editor.files.path is None:
            self.save_as()
        else:
            self.editor.files.save(self.editor.files.path)

    def save_as(self) -> None:
        """See `Shell.save_as`."""
        self.file_dialogs.ask_save()

    def ask_export(self) -> None:
        """See `Shell.ask_export`."""
        project, exports = self.editor.project, self.editor.exports
        name = Path(self.editor.files.title).stem + "_matte"
        folder = Path(self.editor.user.folder("export")) / name
        dialog = ExportDialog(project, folder, self)
        dialog.setObjectName("export_dialog")
        dialog.count_wanted.connect(lambda frames: exports.count(project, frames))
        dialog.export_wanted.connect(self._on_export_wanted)
        exports.counted.connect(dialog.show_count)
        exports.count(project, dialog.frames)
        dialog.open()

    def ask_text(self) -> None:
        """See `Shell.ask_text`."""
        editor, clip = self.editor, self.editor.project.clip
        if clip is None:
            return
        dialog = TextDialog(ToolContext(editor.view.frame, clip.size, editor.active), self)
        dialog.named.connect(self.editor.apply)
        dialog.open()

    def show_versions(self) -> None:
        """See `Shell.show_versions`."""
        dialog = VersionsDialog(self.editor.versions, self)
        dialog.wanted.connect(self.editor.go_back)
        dialog.show()

    def rename_object(self) -> None:
        """See `Shell.rename_object`."""
        if self.editor.active is not None:
            self.panels.objects.rename(self.editor.active.id)

    def ask_object_color(self) -> None:
        """See `Shell.ask_object_color`."""
        if self.editor.active is not None:
            ask_color(self.editor, self.editor.active.id, self)

    def ask_backdrop_color(self) -> None:
        """See `Shell.ask_backdrop_color`."""
        self._backdrop.ask_color()

    def ask_backdrop_image(self) -> None:
        """See `Shell.ask_backdrop_image`."""
        self._backdrop.ask_image()

    def fit(self) -> None:
        """See `Shell.fit`."""
        self.stage.canvas.fit()

    def zoom_to(self, zoom: float) -> None:
        """See `Shell.zoom_to`."""
        self.stage.canvas.zoom_to(zoom)

    def zoom_by(self, factor: float) -> None:
        """See `Shell.zoom_by`."""
        self.stage.canvas.zoom_by(factor)

    def move_wipe(self, part: float) -> None:
        """See `Shell.move_wipe`."""
        self.stage.chips.comparison.move_by(part)

    def focus_panel(self, step: Step) -> None:
        """See `Shell.focus_panel`."""
        focus_next(self, step)

    def reset_layout(self) -> None:
        """See `Shell.reset_layout`."""
        self.restoreState(self._first_state)
        self._size_docks()

    def show_models(self, key: str = "") -> None:
        """See `Shell.show_models`; with a "kind:id", that model is chosen."""
        shown = [each for each in self.findChildren(ModelsDialog) if each.isVisible()]
        dialog = shown[0] if shown else None
        if dialog is None:
            editor = self.editor
            dialog = ModelsDialog(
                editor.models, editor.user, lambda key: uses_model(editor.project, key), self
            )
        if key:
            dialog.choose(key)
        dialog.show()
        dialog.raise_()

    @Slot(str)
    def open_path(self, name: str) -> None:
        """Open a clip, a folder of stills or a project."""
        path = Path(name)
        self.editor.user.set_folder("open", path.parent)
        self.editor.files.open(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.open_path(files[0])

    def closeEvent(self, event: QCloseEvent) -> None:
        """Go at once; unsaved work is kept and offered at the next start."""
        self.editor.user.set_geometry(self.saveGeometry(), self.saveState())
        self.hide()
        self._key_words.release()
        self.editor.close()
        event.accept()

    def _add_docks(self) -> None:
        right = Qt.DockWidgetArea.RightDockWidgetArea
        for name, title, widget in (
            ("objects", self.tr("Objects"), self.panels.objects),
            ("prompts", self.tr("Prompts on this frame"), self.panels.prompts),
            ("models", self.tr("Models"), Scrolled(self.panels.models)),
            ("finishing", self.tr("Matte"), Scrolled(self.panels.finishing)),
        ):
            self.addDockWidget(right, self._dock(name, title, widget))
        self._tabify("models", "finishing")
        below = QWidget()
        layout = QVBoxLayout(below)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(transport_bar(self.actions_by_id))
        layout.addWidget(self.panels.timeline, 1)
        timeline = self._dock("timeline", self.tr("Timeline"), below)
        timeline.setTitleBarWidget(QWidget())
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, timeline)
        tools = tool_bar(self.tr("Tools"), self.actions_by_id)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, tools)

    def _tabify(self, one: str, other: str) -> None:
        """Put two docks in one place; the second is on top."""
        first, second = (self._named_dock(name) for name in (one, other))
        self.setTabPosition(Qt.DockWidgetArea.RightDockWidgetArea, QTabWidget.TabPosition.North)
        for dock in (first, second):
            dock.setTitleBarWidget(QWidget())  # the tab has the title
        self.tabifyDockWidget(first, second)
        second.raise_()

    def _name_tabs(self) -> None:
        for bar in self.findChildren(QTabBar):
            bar.setAccessibleName(self.tr("Panels"))

    def _named_dock(self, name: str) -> QDockWidget:
        return next(dock for dock in self.findChildren(QDockWidget) if dock.objectName() == name)

    def _dock(self, name: str, title: str, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(name)
        widget.setProperty("panel", True)
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        dock.setWidget(widget)
        dock.setTitleBarWidget(dock_title(title, dock.toggleViewAction()))
        features = QDockWidget.DockWidgetFeature
        dock.setFeatures(features.DockWidgetClosable | features.DockWidgetMovable)
        return dock

    def _add_menus(self) -> None:
        menus = self.menus = fill_menus(self.menuBar(), self.actions_by_id)
        recent = QMenu(self.tr("Open rece&nt"), self)
        menus["file"].insertMenu(self.actions_by_id["file.demo"], recent)
        RecentMenu(recent, self.editor.user, self).chosen.connect(self.editor.files.open)
        (panels,) = menus["view"].findChildren(QMenu, PANELS)
        panels.addSeparator()
        for dock in self.findChildren(QDockWidget):
            panels.addAction(dock.toggleViewAction())

    def _connect(self) -> None:
        editor = self.editor
        editor.engine.device_known.connect(self.status.show_device)
        self._saved_state.changed.connect(self.status.show_saved)
        self._choice.missing.connect(self.show_models)
        self.stage.canvas.closing.connect(self.actions_by_id["object.close_shape"].trigger)
        self.stage.empty.demo_wanted.connect(editor.files.open_demo)
        self.stage.empty.clip_wanted.connect(self.ask_clip)
        self.stage.missing.find_wanted.connect(self.file_dialogs.ask_lost_clip)
        ModifierKeys(self).changed.connect(self.stage.canvas.hover_again)
        self._refresh.timeout.connect(self._on_refresh)
        for signal in (
            editor.document.changed,
            editor.document.stack.cleanChanged,
            editor.document.stack.indexChanged,
            editor.files.saved,
            editor.files.adopted,
            editor.files.clip_searched,
            editor.engine.tracking_changed,
            editor.jobs.changed,
            editor.models.changed,
            editor.transport.playing_changed,
            editor.view.active_changed,
            editor.view.selection_changed,
            editor.view.playhead_moved,
            editor.view.mode_changed,
            editor.view.look_changed,
            editor.view.tool_changed,
            editor.view.span_changed,
            editor.view.prompts_changed,
            editor.objects.solo_changed,
            editor.objects.auto_key_changed,
            editor.objects.shape_changed,
            editor.coverage.changed,
            editor.versions.changed,
        ):
            signal.connect(self._refresh.start)

    def _restore_geometry(self) -> None:
        geometry, state = self.editor.user.geometry()
        self.resize(1440, 900)
        self._first_state = self.saveState()
        self._size_docks()
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)
            self.restoreState(state)

    def _size_docks(self) -> None:
        docks = self.findChildren(QDockWidget)
        self.resizeDocks(docks, [_PANEL_WIDTH] * len(docks), Qt.Orientation.Horizontal)
        panels = [self._named_dock(name) for name in _PANEL_HEIGHTS]
        self.resizeDocks(panels, list(_PANEL_HEIGHTS.values()), Qt.Orientation.Vertical)

    def _chooser(self, title: str) -> QFileDialog:
        chooser = QFileDialog(self, title, self.editor.user.folder("open"))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return chooser

    @Slot()
    def _on_refresh(self) -> None:
        modified, title = self.editor.document.modified, self.editor.files.title
        self.actions_by_id.refresh()
        self._name_tabs()  # Qt makes their bar when it lays the docks out
        self.setWindowTitle(f"{title}[*] — Wisp" if title else "Wisp")
        self.setWindowModified(modified and bool(title))  # without a clip there is no mark

    @Slot(object)
    def _on_export_wanted(self, options: ExportOptions) -> None:
        self.editor.exports.run(self.editor.project, options)
