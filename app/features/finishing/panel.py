"""The panel Matte: what is done to the active object's matte after it was made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.features.finishing.parameter_row import ParameterRow
from app.features.finishing.shapes import ShapesSection
from app.shell import theme
from app.shell.keys.panel_cycle import MAIN
from matting_core.document.finishing import Finishing, Parameter


class FinishingPanel(QWidget):
    """Shows an object's finishing on a frame and asks for changes.

    Args:
        keys: commands about keyframes.
        tools: commands that choose a shape tool.
    """

    edited = Signal(object, float, object)
    """Carries the parameter, its value, and the number of the drag that sets it, or None."""
    key_wanted = Signal(object)
    reset_wanted = Signal(object)

    def __init__(
        self, keys: Sequence[QAction], tools: Sequence[QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.rows = {
            parameter: ParameterRow(parameter, name, about)
            for parameter, name, about in self._names()
        }
        self.rows[Parameter.BLACK].slider.setProperty(MAIN, True)
        self.shapes = ShapesSection(tools)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setProperty("quiet", True)
        self._lay_out(keys)
        for row in self.rows.values():
            row.edited.connect(self.edited)
            row.key_wanted.connect(self.key_wanted)
            row.reset_wanted.connect(self.reset_wanted)

    def show_finishing(
        self, finishing: Finishing | None, frame: int, shape: int | None, note: str
    ) -> None:
        """Show a finishing on a frame.

        Args:
            finishing: the active object's, or None without one.
            frame: at the playhead.
            shape: the selected one's id.
            note: why it cannot be changed, or empty.
        """
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._fields.setEnabled(not note)
        shown = finishing or Finishing()
        for parameter, row in self.rows.items():
            row.show_track(shown[parameter], frame)
        self.shapes.show_shapes(shown.shapes, shape, frame)

    def _names(self) -> tuple[tuple[Parameter, str, str], ...]:
        tr = self.tr
        return (
            (Parameter.BLACK, tr("Black"), tr("Alphas from here down become 0.")),
            (Parameter.WHITE, tr("White"), tr("Alphas from here up become 1.")),
            (Parameter.GAMMA, tr("Gamma"), tr("More than 1 lifts the middle of the edge.")),
            (Parameter.DOTS, tr("Dots"), tr("Separate specks up to this area go.")),
            (Parameter.HOLES, tr("Holes"), tr("Enclosed holes up to this area are filled.")),
            (Parameter.GROW, tr("Grow"), tr("Moves the edge outwards; less than 0 inwards.")),
            (Parameter.FEATHER, tr("Feather"), tr("Softens the edge by a Gaussian.")),
        )

    def _lay_out(self, keys: Sequence[QAction]) -> None:
        heading = QLabel(self.tr("Keyframes"))
        heading.setProperty("heading", True)
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        for action in keys:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            head.addWidget(button)
        self._fields = QWidget()
        fields = QVBoxLayout(self._fields)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(4)
        for row in self.rows.values():
            fields.addWidget(row)
        fields.addSpacing(theme.GRID)
        fields.addWidget(self.shapes)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(theme.GRID, 4, theme.GRID, theme.GRID)
        inner.setSpacing(4)
        inner.addWidget(self.note)
        inner.addLayout(head)
        inner.addWidget(self._fields)
        inner.addStretch(1)
