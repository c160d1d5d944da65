"""Keys that are named in words on screen, like "track again (Ctrl+T)", are those the user has."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication, QObject, QTranslator, Slot

from app.shell.keys.bindings import KeyBindings, native, portable

_NAMED = re.compile(r" ?\(([^()]+)\)")


class KeyTexts(QTranslator):
    """Translator that writes the user's keys into texts, while any key is another.

    Texts are written with the keys of the table. What is on screen already keeps its words until
    it is written anew; actions have their own tooltips, which change at once.
    """

    def __init__(self, bindings: KeyBindings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bindings = bindings
        self._changed: dict[str, str] = {}
        bindings.changed.connect(self._on_changed)
        self._on_changed()

    def translate(
        self,
        _context: str,
        source_text: str,
        _disambiguation: str | bytes | None = None,
        _n: int = -1,
    ) -> str:
        """Return the text with the keys that the user has."""
        return _NAMED.sub(self._replace, source_text)

    def isEmpty(self) -> bool:
        """Never: Qt asks no translator that is empty."""
        return False

    def release(self) -> None:
        """Write no keys any more: the window is closed."""
        self._changed = {}
        QCoreApplication.removeTranslator(self)

    def _replace(self, found: re.Match[str]) -> str:
        keys = [portable(each) for each in found[1].split(", ")]
        if not any(key in self._changed for key in keys):
            return found[0]
        now = [native(self._changed.get(key, key)) for key in keys if self._changed.get(key, key)]
        return f"{found[0][: found[0].index('(')]}({', '.join(now)})" if now else ""

    @Slot()
    def _on_changed(self) -> None:
        was = bool(self._changed)
        self._changed = self._bindings.replaced()
        if self._changed:
            QCoreApplication.installTranslator(self)
        elif was:
            QCoreApplication.removeTranslator(self)
