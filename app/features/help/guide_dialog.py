"""The guide: its pages beside a list of them, from the disk, so that it works without a network."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import (
    QBrush,
    QColor,
    QDesktopServices,
    QImage,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextTable,
)
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QTextBrowser, QWidget

from app.features.help.guide import KEYS_PAGE, PAGES, keys_page, read_page, title_of
from app.shell import theme
from app.shell.commands import Command, CommandTable
from app.shell.keys.bindings import native
from matting_core.resources import resource_path

_SIZE = (900, 680)
_LIST_WIDTH = 184
_MARGIN = 24
_STYLE = f"""
    QTextBrowser {{ background: {theme.PANEL}; border: none; padding: 0 16px; }}
"""


class _Page(QTextBrowser):
    """Text browser that shows the guide's pictures no wider than itself."""

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: ANN401 - as Qt has it
        """Read a picture beside the pages."""
        name = QUrl(name)
        if QTextDocument.ResourceType(kind) is not QTextDocument.ResourceType.ImageResource:
            return super().loadResource(kind, name)
        picture = QImage(str(resource_path(f"guide/{name.path()}")))
        width = min(picture.width(), self.viewport().width() - 2 * _MARGIN)
        pixels = min(picture.width(), round(width * self.devicePixelRatioF()))
        scaled = picture.scaledToWidth(pixels, Qt.TransformationMode.SmoothTransformation)
        scaled.setDevicePixelRatio(pixels / width)
        return scaled


class GuideDialog(QDialog):
    """Window of the guide's pages; links lead to the others. Keys are those that the user has.

    Args:
        actions: the commands and their keys.
        parent: the window.
    """

    def __init__(self, actions: CommandTable, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("guide_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Guide"))
        self._commands, self._bindings = actions.commands, actions.bindings
        self.pages = QListWidget()
        self.pages.setAccessibleName(self.tr("Pages"))
        self.pages.setFixedWidth(_LIST_WIDTH)
        self.text = _Page()
        self.text.setAccessibleName(self.tr("Page"))
        self.text.setOpenLinks(False)
        self.text.setStyleSheet(_STYLE)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*(theme.GRID,) * 4)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.pages)
        layout.addWidget(self.text, 1)
        self.resize(*_SIZE)
        for page in PAGES:
            self.pages.addItem(title_of(read_page(page)))
        self.pages.currentRowChanged.connect(self._on_chosen)
        self.text.anchorClicked.connect(self._on_link)
        self._bindings.changed.connect(self._on_keys_changed)
        self.pages.setCurrentRow(0)

    @property
    def page(self) -> str:
        """The file name of the page that is shown."""
        return PAGES[max(self.pages.currentRow(), 0)]

    def show_page(self, name: str) -> None:
        """Show a page by its file name."""
        self.pages.setCurrentRow(PAGES.index(name))

    def _keys_of(self, command: Command[Any]) -> list[str]:
        return [native(key) for key in self._bindings.keys(command.id)]

    @Slot(int)
    def _on_chosen(self, _row: int) -> None:
        own = self.page == KEYS_PAGE
        self.text.setMarkdown(
            keys_page(self._commands, self._keys_of) if own else read_page(self.page)
        )
        _set_apart(self.text.document())

    @Slot()
    def _on_keys_changed(self) -> None:
        if self.page == KEYS_PAGE:
            self._on_chosen(0)

    @Slot(QUrl)
    def _on_link(self, link: QUrl) -> None:
        if link.fileName() in PAGES:
            self.show_page(link.fileName())
        elif link.scheme() in ("http", "https"):
            QDesktopServices.openUrl(link)


def _set_apart(document: QTextDocument) -> None:
    """Put room between headings, paragraphs and lines of lists, and quiet lines into tables."""
    block = document.begin()
    while block.isValid():
        cursor = QTextCursor(block)
        if cursor.currentTable() is None:
            level = block.blockFormat().headingLevel()
            room = QTextBlockFormat()
            room.setTopMargin(2 * theme.GRID if level else 0)
            room.setBottomMargin(theme.GRID / 2 if block.textList() else theme.GRID)
            cursor.mergeBlockFormat(room)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            lines = frame.format()
            lines.setBorderBrush(QBrush(QColor(theme.LINE)))
            lines.setCellPadding(theme.GRID / 2)
            lines.setBottomMargin(theme.GRID)
            frame.setFormat(lines)
