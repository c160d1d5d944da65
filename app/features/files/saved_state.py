"""The few words at the end of the status bar: whether the document is safe."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.features.files.project_files import ProjectFiles
from app.features.files.recovery import Recovery
from app.model.document import Document
from app.shell.debounce import Debounce

_TICK = 1000


class SavedState(QObject):
    """Words for how safe the document is: saved or kept so many seconds ago, or unsaved."""

    changed = Signal(str, str)
    """Carries the words and their explanation."""

    def __init__(
        self,
        document: Document,
        files: ProjectFiles,
        recovery: Recovery,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._files = files
        self._recovery = recovery
        self._said = ("", "")
        self._tick = QTimer(self, interval=_TICK)
        self._tick.timeout.connect(self.refresh)
        signals = files.saved, files.adopted, recovery.kept_changed
        clean_changed = document.stack.cleanChanged
        Debounce(self.refresh, self).after(document.changed, clean_changed, *signals)

    @Slot()
    def refresh(self) -> None:
        """Say how it is now."""
        said = self._words(time.monotonic())
        if self._document.project.clip is None:
            self._tick.stop()
        elif not self._tick.isActive():
            self._tick.start()
        if said != self._said:
            self._said = said
            self.changed.emit(*said)

    def _words(self, now: float) -> tuple[str, str]:
        if self._document.project.clip is None:
            return "", ""
        path, kept = self._files.path, self._recovery.kept_at
        if self._document.modified and kept is not None:
            words = self.tr("kept {ago} ago").format(ago=self._ago(now - kept))
            hint = self.tr("Changes are kept until you save the project (Ctrl+S)")
            return words, hint
        if self._document.modified or path is None:
            return self.tr("unsaved"), self.tr("Save the project (Ctrl+S)")
        if self._files.saved_at is None:
            return self.tr("saved"), str(path)
        ago = self._ago(now - self._files.saved_at)
        return self.tr("saved {ago} ago").format(ago=ago), str(path)

    def _ago(self, seconds: float) -> str:
        if seconds < 60:
            return self.tr("{seconds} s").format(seconds=max(1, int(seconds)))
        if seconds < 3600:
            return self.tr("{minutes} min").format(minutes=int(seconds / 60))
        return self.tr("{hours} h").format(hours=int(seconds / 3600))
