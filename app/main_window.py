"""The editor's window: panels, menus and features' dialogs, made and joined."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, SignalInstance, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDockWidget, QMenu, QVBoxLayout, QWidget

from app.canvas.commands import CanvasCommands
from app.canvas.controller import CanvasController
from app.canvas.overlay import DocumentOverlay
from app.canvas.stage import Stage
from app.canvas.tools.gestures import Menu, Pan, Rubber
from app.canvas.view import Canvas
from app.command_order import Owners, all_commands, own_commands
from app.editor import Editor
from app.features.export.commands import ExportCommands
from app.features.files.dialogs import FileDialogs
from app.features.files.missing_clip import MissingClip
from app.features.files.saved_state import SavedState
from app.features.finishing.commands import finishing_panel
from app.features.finishing.panel import FinishingPanel
from app.features.help.dialogs import HelpDialogs
from app.features.help.tour import TourEvents
from app.features.models.choice import ModelChoice
from app.features.models.commands import ModelCommands
from app.features.models.licence_offer import LicenceOffer
from app.features.models.memory_offer import MemoryOffer
from app.features.models.panel import ModelsPanel
from app.features.objects.commands import ObjectCommands, objects_panel
from app.features.objects.panel import ObjectsPanel
from app.features.objects.prompt_menu import offer_prompt_menu
from app.features.objects.prompts_panel import PromptsPanel
from app.features.painting.controller import PaintController
from app.features.painting.tool_options import ToolOptions
from app.features.preferences.commands import Preferences
from app.features.preferences.dialog import Sources
from app.features.review.backdrop_choice import BackdropChoice
from app.features.review.versions import EarlierVersions
from app.shell.bars import RecentMenu, fill_menus, tool_bar, transport_bar
from app.shell.commands import MENUS, CommandTable
from app.shell.conditions import Topic
from app.shell.debounce import Debounce
from app.shell.keys.bindings import KeyBindings
from app.shell.keys.focus_ring import FocusRing
from app.shell.keys.key_texts import KeyTexts
from app.shell.keys.modifier_keys import ModifierKeys
from app.shell.keys.number_keys import NumberKeys
from app.shell.menu_commands import PANELS
from app.shell.scrolled import Scrolled
from app.shell.status_bar import StatusBar
from app.shell.window import PanelWindow
from app.shell.words import translate
from app.timeline.lanes.base import LaneSources
from app.timeline.widget import Timeline
from matting_core.types import ObjectId

_PANEL_HEIGHTS = {"objects": 240, "prompts": 100, "finishing": 410}


@dataclass(frozen=True, slots=True)
class Panels:
    """Panels around the canvas."""

    objects: ObjectsPanel
    prompts: PromptsPanel
    models: ModelsPanel
    finishing: FinishingPanel
    timeline: Timeline


class MainWindow(PanelWindow):
    """The editor's window.

    Attributes:
        editor: what the window shows.
        stage: canvas with what lies over it.
        commands: the window's commands as actions.
        panels: the widgets around the canvas.
        file_dialogs: dialogs of the File menu.
        help: dialogs of the Help menu.
    """

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(editor.user, _PANEL_HEIGHTS, parent)
        self.editor = editor
        self.file_dialogs = self._file_dialogs()
        self.stage = self._stage()
        self.setCentralWidget(self.stage)
        self.help = self._help()
        self._choice = ModelChoice(editor.model, editor.models.rows, self)
        self._models = ModelCommands(editor.model, editor.models, editor.user, self)
        self.commands = self._command_table()
        self._key_texts = KeyTexts(self.commands.bindings, self)
        model = editor.model
        self.panels = Panels(
            objects_panel(model, self.commands, self),
            PromptsPanel(model, self.commands["edit.delete"]),
            ModelsPanel(model, editor.models, self._choice),
            finishing_panel(model, self.commands),
            Timeline(LaneSources(model, editor.thumbnails)),
        )
        self.status = StatusBar(editor.tasks)
        self.setStatusBar(self.status)
        self._add_panels()
        self._add_menus()
        self._saved_state = SavedState(editor.document, editor.files, editor.recovery, self)
        self._offer_models()
        self.ring = FocusRing(self)
        NumberKeys(self.findChildren(QAbstractSpinBox), self.stage.canvas, self)
        self._connect()
        self.restore_layout()
        self._on_titled()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Go at once; unsaved work is kept and offered at the next start."""
        super().closeEvent(event)
        self._key_texts.release()
        self.editor.close()

    def _stage(self) -> Stage:
        """Make the canvas with what lies over it, and let the features do the tools' steps."""
        editor, model = self.editor, self.editor.model
        canvas, tools = Canvas(), self.editor.tools
        options = ToolOptions(model.view, tools, canvas)
        missing = MissingClip(editor.files, model)
        missing.find_wanted.connect(self.file_dialogs.ask_lost_clip)
        stage = Stage(model, canvas, options, missing, editor.messenger)
        overlay = DocumentOverlay(model, canvas, tools, stage)
        place = stage.controls.comparison.homed
        controller = CanvasController(model, canvas, tools, overlay, place, editor.messenger, stage)
        self.painting = PaintController(model, editor.strokes, canvas, tools, stage)
        for shows in (controller, overlay, self.painting):
            stage.shown.connect(shows.show_picture)
        tools.on(Rubber, overlay.show_rubber)
        tools.on(Pan, lambda step: canvas.pan_by(step.dxy))
        tools.on(Menu, partial(offer_prompt_menu, model, stage))
        editor.click_preview.shown.connect(overlay.show_click_preview)
        editor.loader.loaded.connect(stage.show_picture)
        return stage

    def _edit_name(self, object_id: ObjectId) -> None:
        self.panels.objects.rename(object_id)

    def _table(self) -> CommandTable:
        return self.commands

    def _file_dialogs(self) -> FileDialogs:
        editor = self.editor
        return FileDialogs(
            editor.model,
            editor.files,
            editor.recovery,
            editor.masks,
            editor.collects,
            editor.user,
            editor.messenger,
            self,
        )

    def _help(self) -> HelpDialogs:
        editor = self.editor
        events = TourEvents(
            opened=editor.files.adopted,
            changed=editor.document.changed,
            matted=editor.runner.found,
            tracking_changed=editor.runner.tracking_changed,
            tracking=lambda: editor.runner.tracking,
            exporting=editor.exports.started,
        )
        return HelpDialogs(self._table, editor.user, events, editor.files.open_demo, self)

    def _command_table(self) -> CommandTable:
        editor, model = self.editor, self.editor.model
        sources = Sources(
            following=editor.tracking,
            models=editor.models.rows,
            cache=editor.caching,
            cache_in_use=lambda: editor.runner.tracking or editor.exports.running,
        )
        owners = Owners(
            window=self,
            files=self.file_dialogs,
            export=ExportCommands(model, editor.exports, editor.files, editor.user, self),
            canvas=CanvasCommands(
                model, editor.tools, self.stage.canvas, self.stage.controls.comparison
            ),
            objects=ObjectCommands(model, self._edit_name, editor.corrections.apply, self),
            models=self._models,
            preferences=Preferences(self._table, editor.user, sources, self),
            backdrops=BackdropChoice(model, editor.user, self),
            versions=EarlierVersions(model, self),
            tracking=editor.tracking,
            cancel=editor,
            help=self.help,
        )
        defaults = {command.id: command.keys for command in all_commands()}
        bindings = KeyBindings(defaults, map(translate, MENUS.values()), editor.user, self)
        return CommandTable(own_commands(owners), bindings, self)

    def _offer_models(self) -> None:
        """Offer what helps where a model cannot be used: its licence, or something smaller."""
        editor = self.editor
        model, messenger = editor.model, editor.messenger
        licence = LicenceOffer(model, editor.tracking.try_again, messenger, self)
        editor.files.adopted.connect(licence.look)
        editor.runner.withheld.connect(licence.withhold)
        rows, choice = editor.models.rows, self._choice
        memory = MemoryOffer(model, rows, choice, editor.tracking, messenger, self)
        editor.runner.exhausted.connect(memory.offer)

    def _add_panels(self) -> None:
        right = Qt.DockWidgetArea.RightDockWidgetArea
        for name, title, widget in (
            ("objects", self.tr("Objects"), self.panels.objects),
            ("prompts", self.tr("Prompts on this frame"), self.panels.prompts),
            ("models", self.tr("Models"), Scrolled(self.panels.models)),
            ("finishing", self.tr("Matte"), Scrolled(self.panels.finishing)),
        ):
            self.add_panel(name, title, widget, right)
        self.tabify("models", "finishing")
        below = QWidget()
        layout = QVBoxLayout(below)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(transport_bar(self.commands))
        layout.addWidget(self.panels.timeline, 1)
        bottom = Qt.DockWidgetArea.BottomDockWidgetArea
        self.add_panel("timeline", self.tr("Timeline"), below, bottom)
        self.hide_titles("timeline")
        tools = tool_bar(self.tr("Tools"), self.commands)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, tools)

    def _add_menus(self) -> None:
        menus = self.menus = fill_menus(self.menuBar(), self.commands)
        recent = QMenu(self.tr("Open rece&nt"), self)
        menus["file"].insertMenu(self.commands["file.demo"], recent)
        RecentMenu(recent, self.editor.user, self).chosen.connect(self.editor.files.open)
        (panels,) = menus["view"].findChildren(QMenu, PANELS)
        panels.addSeparator()
        for dock in self.findChildren(QDockWidget):
            panels.addAction(dock.toggleViewAction())

    def _connect(self) -> None:
        editor = self.editor
        self.dropped.connect(self.file_dialogs.open_path)
        editor.runner.device_known.connect(self.status.show_device)
        self._saved_state.changed.connect(self.status.show_saved)
        self._choice.missing.connect(self._models.show)
        self.stage.empty.demo_wanted.connect(editor.files.open_demo)
        self.stage.empty.clip_wanted.connect(self.file_dialogs.ask_clip)
        ModifierKeys(self).changed.connect(self.stage.canvas.hover_again)
        for topic, signals in self._topics().items():
            self.commands.listen(topic, *signals)
        stack, files = editor.document.stack, editor.files
        Debounce(self._on_titled, self).after(
            editor.document.changed,
            stack.cleanChanged,
            stack.indexChanged,
            files.saved,
            files.adopted,
        )

    def _topics(self) -> dict[Topic, tuple[SignalInstance, ...]]:
        """What announces that something has changed which conditions depend on."""
        editor, model = self.editor, self.editor.model
        view, objects, stack = model.view, model.objects, model.document.stack
        return {
            Topic.DOCUMENT: (model.document.changed,),
            Topic.UNDO: (stack.indexChanged, stack.cleanChanged),
            Topic.FILES: (editor.files.saved, editor.files.adopted, editor.files.clip_searched),
            Topic.ACTIVE: (view.active_changed,),
            Topic.PLAYHEAD: (view.playhead_moved,),
            Topic.PLAYBACK: (model.playback.playing_changed,),
            Topic.SELECTION: (view.span_changed,),
            Topic.VIEW: (view.mode_changed, view.look_changed, view.prompts_changed),
            Topic.TOOL: (view.tool_changed, editor.tools.changed),
            Topic.OBJECTS: (objects.solo_changed, objects.auto_key_changed, objects.shape_changed),
            Topic.RESULTS: (model.results.changed,),
            Topic.VERSIONS: (model.versions.changed,),
            Topic.TASKS: (editor.runner.tracking_changed, editor.tasks.changed),
            Topic.SETTINGS: (editor.user.changed,),
        }

    @Slot()
    def _on_titled(self) -> None:
        """Say what the document is called, and what undo and redo would do."""
        modified, title = self.editor.document.modified, self.editor.files.title
        self.name_tabs()
        self.setWindowTitle(f"{title}[*] — Wisp" if title else "Wisp")
        self.setWindowModified(modified and bool(title))  # without a clip there is no mark
        stack = self.editor.document.stack
        self.commands.rename("edit.undo", stack.undoText().lower())
        self.commands.rename("edit.redo", stack.redoText().lower())
