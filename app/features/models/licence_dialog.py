"""Asks once whether the licence of a model is accepted."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from app.features.models.terms import open_links, terms_of
from app.shell import theme
from matting_core.errors import ExportError
from matting_core.models.licences import accept

_WIDTH = 440


class LicenceDialog(QDialog):
    """Dialog of a licence that forbids commercial use; `accepted` and `rejected` tell the answer.

    Args:
        title: the model's.
        licence: SPDX identifier.
        weights_ids: the weights under it; that it was accepted is remembered for these.
        parent: over which it is shown.
    """

    def __init__(
        self,
        title: str,
        licence: str,
        weights_ids: tuple[str, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._weights_ids = weights_ids
        self.setObjectName("licence_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Licence of {title}").format(title=title))
        self.setMinimumWidth(_WIDTH)
        self._text = QLabel(self._describe(title, licence))
        self._text.setWordWrap(True)
        open_links(self._text)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        button = buttons.addButton(
            self.tr("Accept licence"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        button.setObjectName("accept_licence")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.GRID,) * 4)
        layout.setSpacing(2 * theme.GRID)
        layout.addWidget(self._text)
        layout.addWidget(buttons)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setFocus()  # not the link

    def _describe(self, title: str, licence: str) -> str:
        named = self.tr(
            "{title} is licensed under {licence}: it may not be used for commercial purposes."
        )
        once = self.tr("Wisp asks this once for each model.")
        parts = (escape(named.format(title=title, licence=licence)), terms_of(licence), once)
        return "".join(f"<p>{part}</p>" for part in parts if part)

    def accept(self) -> None:
        """Remember the answer, then close; stay open and say why if it cannot be remembered."""
        try:
            accept(self._weights_ids)
        except ExportError as error:
            self._text.setText(str(error))
            return
        super().accept()
