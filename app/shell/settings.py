"""What the editor remembers between runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Literal, TypeVar, get_args

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from matting_core.document.project import Settings
from matting_core.models.registry import head_specs, tracker_specs
from matting_core.types import DeviceChoice, Quality

_MOST_RECENT = 8
_MOST_RECENT_COMMANDS = 12
AUTOSAVE_SECONDS = range(5, 3601)
BACKUPS = range(101)
CACHE_GIGABYTES = range(1, 1001)
ModelPart = Literal["tracker", "head", "quality"]
Member = TypeVar("Member", bound=StrEnum)


class UserSettings(QObject):
    """Settings of the user: a typed view of `QSettings`."""

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
        return tuple(Path(name) for name in self._names("recent"))

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

    @property
    def recent_commands(self) -> tuple[str, ...]:
        """Ids of commands given in the palette, the last one first."""
        return self._names("palette/recent")

    def add_recent_command(self, command_id: str) -> None:
        """Put a command at the head of those used."""
        kept = [other for other in self.recent_commands if other != command_id]
        names = [command_id, *kept][:_MOST_RECENT_COMMANDS]
        self._store.setValue("palette/recent", names)

    def folder(self, purpose: str) -> str:
        """The folder last used for a purpose, or the home folder."""
        return str(self._store.value(f"folders/{purpose}", str(Path.home())))

    def set_folder(self, purpose: str, folder: Path) -> None:
        """Remember the folder used for a purpose."""
        self._store.setValue(f"folders/{purpose}", str(folder))

    @property
    def backdrop(self) -> str:
        """What the Colour view puts behind the objects: "#rrggbb", a path, or empty."""
        return str(self._store.value("view/backdrop", ""))

    def set_backdrop(self, text: str) -> None:
        """Remember it."""
        self._store.setValue("view/backdrop", text)

    def geometry(self) -> tuple[QByteArray, QByteArray]:
        """The window's geometry and the state of its docks; empty before the first run."""
        return self._bytes("window/geometry"), self._bytes("window/state")

    def set_geometry(self, geometry: QByteArray, state: QByteArray) -> None:
        """Remember the window's geometry and the state of its docks."""
        self._store.setValue("window/geometry", geometry)
        self._store.setValue("window/state", state)

    @property
    def keys(self) -> dict[str, tuple[str, ...]]:
        """The keys that the user chose, by command; what is damaged is left out."""
        try:
            stored = json.loads(str(self._store.value("keys", "{}")))
        except ValueError:
            return {}
        entries = stored.items() if isinstance(stored, dict) else ()
        return {str(each): _texts(keys) for each, keys in entries if isinstance(keys, list)}

    @keys.setter
    def keys(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        self._set("keys", json.dumps({each: list(some) for each, some in keys.items()}))

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

    def _names(self, key: str) -> tuple[str, ...]:
        stored = self._store.value(key, [])
        names = stored if isinstance(stored, list) else [stored]  # one entry comes back bare
        return tuple(str(name) for name in names if name)

    @property
    def follow(self) -> bool:
        """Whether the playhead goes along with a track."""
        return str(self._store.value("track/follow", True)).casefold() != "false"

    @follow.setter
    def follow(self, follow: bool) -> None:
        self._set("track/follow", follow)

    def models(self, in_use: Settings) -> Settings:
        """The models that a new project starts with: those chosen for it, else those in use."""
        tracker, head, quality = map(self.model, get_args(ModelPart))
        if tracker in tracker_specs():
            in_use = replace(in_use, tracker=tracker)
        if head in head_specs():
            in_use = replace(in_use, head=head)
        return replace(in_use, quality=_member(Quality, quality, in_use.quality))

    def model(self, part: ModelPart) -> str:
        """The id chosen for new projects, or empty for what was in use before."""
        return str(self._store.value(f"new/{part}", ""))

    def set_model(self, part: ModelPart, value: str) -> None:
        """Choose what new projects start with; empty for what was in use before."""
        self._set(f"new/{part}", value)

    @property
    def device(self) -> DeviceChoice:
        """Where models run."""
        return _member(DeviceChoice, self._store.value("new/device", ""), DeviceChoice.AUTO)

    @device.setter
    def device(self, device: DeviceChoice) -> None:
        self._set("new/device", device.value)

    @property
    def cache_gigabytes(self) -> int:
        """How much of the disk derived results may take."""
        return self._number("cache/gigabytes", 4, CACHE_GIGABYTES)

    @cache_gigabytes.setter
    def cache_gigabytes(self, size: int) -> None:
        self._set("cache/gigabytes", size)

    @property
    def cache_folder(self) -> Path | None:
        """Where derived results are kept, or None for the system's place."""
        stored = str(self._store.value("cache/folder", ""))
        return Path(stored) if stored and Path(stored).is_absolute() else None

    @cache_folder.setter
    def cache_folder(self, folder: Path | None) -> None:
        self._set("cache/folder", str(folder) if folder is not None else "")

    @property
    def tour_seen(self) -> bool:
        """Whether the tour has been shown once."""
        return str(self._store.value("tour/seen", False)).casefold() == "true"

    @tour_seen.setter
    def tour_seen(self, seen: bool) -> None:
        self._set("tour/seen", seen)

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


def _texts(values: list[object]) -> tuple[str, ...]:
    return tuple(value for value in values if isinstance(value, str))


def _member(kind: type[Member], value: object, default: Member) -> Member:
    return next((each for each in kind if each.value == value), default)
