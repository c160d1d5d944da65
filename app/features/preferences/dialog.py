"""What the user prefers; everything counts at once, or says when it will."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.features.preferences.groups import Cache, CacheGroup, NewProjects
from app.shell import theme
from app.shell.settings import AUTOSAVE_SECONDS, BACKUPS, UserSettings
from matting_core.models.files.overview import ModelEntry

_WIDTH = 640


class Following(Protocol):
    """Tracking, as far as it concerns whether the playhead follows."""

    @property
    def follow(self) -> bool:
        """Whether the playhead goes along with a track."""
        ...

    def set_follow(self, follow: bool) -> None:
        """Choose whether it does."""
        ...


@dataclass(frozen=True, slots=True)
class Sources:
    """Sources of what the dialog shows besides the settings.

    Attributes:
        following: whether the playhead follows.
        models: lists the trackers and heads.
        cache: the mattes on disk.
        cache_in_use: whether a track or an export needs them now.
    """

    following: Following
    models: Callable[[], Sequence[ModelEntry]]
    cache: Cache
    cache_in_use: Callable[[], bool]


class PreferencesDialog(QDialog):
    """Dialog that writes into the user's settings; the window stays usable meanwhile.

    Args:
        user: the settings.
        sources: what the window has to say about models, cache and following.
        parent: the window.
    """

    reset_wanted = Signal()
    """Put the panels back where they were at first."""
    tour_wanted = Signal()

    def __init__(self, user: UserSettings, sources: Sources, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preferences_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Preferences"))
        self.setMinimumWidth(_WIDTH)
        self._sources, self._user = sources, user
        self.follow = QCheckBox(self.tr("The &playhead follows the track"))
        self.autosave = _number(AUTOSAVE_SECONDS, self.tr(" s"))
        self.autosave.setToolTip(
            self.tr("Unsaved work is written down this often while it changes")
        )
        self.backups = _number(BACKUPS, self.tr(" kept"))
        self.backups.setToolTip(self.tr("Earlier states of a project file that saving keeps"))
        self.new_projects = NewProjects(user, sources.models(), self)
        self.cache = CacheGroup(user, sources.cache, sources.cache_in_use, self)
        self.reset = _button(self.tr("&Reset layout"), self.reset_wanted.emit)
        self.reset.setToolTip(self.tr("Puts the panels back where they were at first"))
        self.tour = _button(self.tr("Show the &tour"), self.tour_wanted.emit)
        self.tour.setToolTip(self.tr("Four steps through the work on the demo clip"))
        self._lay_out()
        self._show()
        self.follow.toggled.connect(self._on_follow)
        self.autosave.valueChanged.connect(self._on_autosave)
        self.backups.valueChanged.connect(self._on_backups)
        self._user.changed.connect(self._show)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(theme.GRID)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(_heading(self.tr("Work")))
        form.addRow(self.follow)
        form.addRow(self.tr("Write &unsaved work down every"), self.autosave)
        form.addRow(self.tr("&Backups of a project file"), self.backups)
        form.addRow(_heading(self.tr("New projects")))
        self.new_projects.fill(form)
        form.addRow(_heading(self.tr("Cache")))
        self.cache.fill(form)
        form.addRow(_heading(self.tr("Window")))
        window = QHBoxLayout()
        window.addWidget(self.reset)
        window.addWidget(self.tour)
        window.addStretch(1)
        form.addRow(window)
        end = QHBoxLayout()
        end.addStretch(1)
        end.addWidget(_button(self.tr("Close"), self.close))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.GRID,) * 4)
        layout.setSpacing(2 * theme.GRID)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addLayout(end)

    @Slot()
    def _show(self) -> None:
        _set_quietly(self.follow, self.follow.setChecked, self._sources.following.follow)
        _set_quietly(self.autosave, self.autosave.setValue, self._user.autosave_seconds)
        _set_quietly(self.backups, self.backups.setValue, self._user.backups)

    @Slot(bool)
    def _on_follow(self, follow: bool) -> None:
        self._sources.following.set_follow(follow)

    @Slot(int)
    def _on_autosave(self, seconds: int) -> None:
        self._user.autosave_seconds = seconds

    @Slot(int)
    def _on_backups(self, count: int) -> None:
        self._user.backups = count


def _set_quietly(widget: QWidget, setter: Callable[..., None], value: object) -> None:
    widget.blockSignals(True)
    setter(value)
    widget.blockSignals(False)


def _number(allowed: Sequence[int], unit: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(allowed[0], allowed[-1])
    box.setSuffix(unit)
    box.setKeyboardTracking(False)
    theme.indent_number(box)
    box.setFixedWidth(15 * theme.GRID)
    return box


def _button(text: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: act())
    return button


def _heading(text: str) -> QLabel:
    heading = QLabel(text)
    heading.setProperty("heading", True)
    heading.setContentsMargins(0, theme.GRID, 0, 0)
    return heading
