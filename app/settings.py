"""What the editor remembers between runs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

_MOST_RECENT = 8
AUTOSAVE_SECONDS = range(5, 3601)
BACKUPS = range(101)


class UserSettings(QObject):
    """A typed view of `QSettings`."""

    recent_changed = Signal()
    changed = Signal()
    """A preference is another: read the properties anew."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Wisp", "wisp"
        )

    @property
    def recent(self) -> tuple[Path, ...]:
        """Clips and projects, the last one first."""
        stored = self._store.value("recent", [])
        names = stored if isinstance(stored, list) else [stored]  # one entry comes back bare
        return tuple(Path(str(name)) for name in names if name)

    def add_recent(self, path: Path) -> None:
        """Put a clip or project at the head of the list."""
        kept = [other for other in self.recent if other != path]
        names = [str(each) for each in [path, *kept][:_MOST_RECENT]]
        self._store.setValue("recent", names)
        self.recent_changed.emit()

    def clear_recent(self) -> None:
        """Empty the list."""
        self._store.remove("recent")
        self.recent_changed.emit()

    def folder(self, purpose: str) -> str:
        """The folder last used for a purpose, or the home folder."""
        return str(self._store.value(f"folders/{purpose}", str(Path.home())))

    def set_folder(self, purpose: str, folder: Path) -> None:
        """Remember the folder used for a purpose."""
        self._store.setValue(f"folders/{purpose}", str(folder))

    def geometry(self) -> tuple[QByteArray, QByteArray]:
        """The window's geometry and the state of its docks; empty before the first run."""
        return self._bytes("window/geometry"), self._bytes("window/state")

    def set_geometry(self, geometry: QByteArray, state: QByteArray) -> None:
        """Remember the window's geometry and the state of its docks."""
        self._store.setValue("window/geometry", geometry)
        self._store.setValue("window/state", state)

    @property
    def autosave_seconds(self) -> int:
        """Seconds of changes after which unsaved work is written down."""
        return self._number("save/autosave_seconds", 30, AUTOSAVE_SECONDS)

    @autosave_seconds.setter
    def autosave_seconds(self, seconds: int) -> None:
        self._set("save/autosave_seconds", seconds)

    @property
    def backups(self) -> int:
        """How many earlier states of a project file are kept."""
        return self._number("save/backups", 10, BACKUPS)

    @backups.setter
    def backups(self, count: int) -> None:
        self._set("save/backups", count)

    def _number(self, key: str, default: int, allowed: range) -> int:
        """A stored number; the default for what is missing, damaged or not allowed."""
        try:
            number = int(str(self._store.value(key, default)))
        except ValueError:
            return default
        return number if number in allowed else default

    def _set(self, key: str, value: object) -> None:
        self._store.setValue(key, value)
        self.changed.emit()

    def _bytes(self, key: str) -> QByteArray:
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()
