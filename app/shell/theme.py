"""How the editor looks: neutral greys, one accent, the picture the brightest thing on screen."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import qtawesome
from PySide6.QtGui import QColor, QFont, QIcon, QPalette
from PySide6.QtWidgets import QAbstractSpinBox, QApplication

WINDOW = "#1f1f1f"
PANEL = "#272727"
RAISED = "#303030"
LINE = "#3a3a3a"
TEXT = "#d8d8d8"
QUIET = "#9a9a9a"
DISABLED = "#6a6a6a"
ACCENT = "#4c9be8"
FOREGROUND_PROMPT = "#5fd38a"
BACKGROUND_PROMPT = "#e8605a"
STALE = "#d9a441"
LOST = "#e8605a"
LOCKED = "#8f8fd6"
BEFORE = "#ff6fb5"
AFTER = "#5ce1e6"
GONE = "#ff9a3d"
COME = "#6b8cff"
ROI = "#e056fd"
UNKNOWN = "#ffe14d"
GRID = 8
TEXT_SIZE = 13
_ASSETS = (Path(__file__).parents[1] / "assets").as_posix()
ICON_SIZE = 18
_INDENT = 6

_ROLES = {
    QPalette.ColorRole.Window: WINDOW,
    QPalette.ColorRole.WindowText: TEXT,
    QPalette.ColorRole.Base: PANEL,
    QPalette.ColorRole.AlternateBase: RAISED,
    QPalette.ColorRole.Text: TEXT,
    QPalette.ColorRole.Button: RAISED,
    QPalette.ColorRole.ButtonText: TEXT,
    QPalette.ColorRole.BrightText: TEXT,
    QPalette.ColorRole.Highlight: ACCENT,
    QPalette.ColorRole.HighlightedText: WINDOW,
    QPalette.ColorRole.ToolTipBase: RAISED,
    QPalette.ColorRole.ToolTipText: TEXT,
    QPalette.ColorRole.PlaceholderText: QUIET,
    QPalette.ColorRole.Link: ACCENT,
    QPalette.ColorRole.Mid: LINE,
    QPalette.ColorRole.Dark: WINDOW,
    QPalette.ColorRole.Light: LINE,
}

STYLE = f"""
* {{ font-size: {TEXT_SIZE}px; }}
QMainWindow, QDialog {{ background: {WINDOW}; }}
QMainWindow::separator {{ background: {WINDOW}; width: 4px; height: 4px; }}
QMenuBar {{ background: {WINDOW}; padding: 2px 4px; }}
QMenuBar::item {{ padding: 4px 10px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {RAISED}; }}
QMenu {{ background: {RAISED}; border: 1px solid {LINE}; padding: 4px; }}
QMenu::item {{ padding: 5px 28px 5px 24px; border-radius: 4px; }}
QMenu::item:selected {{ background: {ACCENT}; color: {WINDOW}; }}
QMenu::item:disabled {{ color: {DISABLED}; background: transparent; }}
QMenu::separator {{ height: 1px; background: {LINE}; margin: 4px 8px; }}
QToolTip {{ background: {RAISED}; color: {TEXT}; border: 1px solid {LINE}; padding: 4px 6px; }}
QWidget[panel="true"] {{ background: {PANEL}; }}
QToolBar {{ background: {PANEL}; border: none; padding: 4px; spacing: 4px; }}
QToolBar::separator {{ background: {LINE}; width: 1px; height: 1px; margin: 4px; }}
QToolButton {{
    min-width: 24px; min-height: 24px; padding: 3px; border: none; border-radius: 4px;
    background: transparent;
}}
QToolButton:hover {{ background: {RAISED}; }}
QToolButton:checked {{ background: {LINE}; border: 1px solid {ACCENT}; padding: 2px; }}
QToolButton:disabled {{ color: {DISABLED}; }}
QToolButton[primary="true"] {{ background: {RAISED}; border: 1px solid {LINE}; padding: 2px 10px; }}
QToolButton[primary="true"]:hover {{ border-color: {ACCENT}; }}
QPushButton {{
    min-height: 24px; padding: 2px 12px; border: 1px solid {LINE}; border-radius: 4px;
    background: {RAISED};
}}
QPushButton:hover {{ border-color: {QUIET}; }}
QPushButton:focus {{ border-color: {ACCENT}; }}
QPushButton:default {{ background: {ACCENT}; border-color: {ACCENT}; color: {WINDOW}; }}
QPushButton:disabled {{ color: {DISABLED}; background: {PANEL}; border-color: {LINE}; }}
QComboBox, QLineEdit, QAbstractSpinBox {{
    min-height: 24px; padding: 1px 8px; border: 1px solid {LINE}; border-radius: 4px;
    background: {RAISED}; selection-background-color: {ACCENT}; selection-color: {WINDOW};
}}
QComboBox:focus, QLineEdit:focus, QAbstractSpinBox:focus {{ border-color: {ACCENT}; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url("{_ASSETS}/caret-down.svg"); width: 12px; height: 12px; }}
QComboBox:disabled {{ color: {DISABLED}; }}
QAbstractSpinBox {{ padding: 1px 24px 1px 7px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
    subcontrol-origin: border; width: 22px; border: none; background: transparent;
}}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; }}
QAbstractSpinBox::up-arrow {{ image: url("{_ASSETS}/caret-up.svg"); width: 10px; height: 10px; }}
QAbstractSpinBox::down-arrow {{
    image: url("{_ASSETS}/caret-down.svg"); width: 10px; height: 10px;
}}
QAbstractSpinBox[plain="true"] {{ padding: 1px 7px; }}
QAbstractSpinBox[plain="true"]::up-button, QAbstractSpinBox[plain="true"]::down-button {{
    width: 0; border: none;
}}
QAbstractSpinBox[plain="true"]::up-arrow, QAbstractSpinBox[plain="true"]::down-arrow {{
    image: none; width: 0; height: 0;
}}
QCheckBox {{ spacing: 8px; min-height: 24px; }}
QCheckBox::indicator {{
    width: 14px; height: 14px; border: 1px solid {DISABLED}; border-radius: 3px;
    background: {RAISED};
}}
QCheckBox::indicator:hover, QCheckBox::indicator:focus {{ border-color: {ACCENT}; }}
QCheckBox::indicator:checked {{
    background: {ACCENT}; border-color: {ACCENT}; image: url("{_ASSETS}/check.svg");
}}
QComboBox QAbstractItemView {{ background: {RAISED}; border: 1px solid {LINE}; }}
QListWidget, QTreeWidget {{ background: {PANEL}; border: none; outline: none; }}
QListWidget::item, QTreeWidget::item {{ min-height: 28px; padding: 0 4px; }}
QListWidget::item:hover, QTreeWidget::item:hover {{ background: {RAISED}; }}
QListWidget::item:selected, QTreeWidget::item:selected {{ background: {LINE}; color: {TEXT}; }}
QHeaderView {{ background: {PANEL}; }}
QHeaderView::section {{
    background: {PANEL}; color: {QUIET}; border: none; border-bottom: 1px solid {LINE};
    padding: 5px 7px;
}}
QTabBar::tab {{
    background: {WINDOW}; color: {QUIET}; padding: 5px 12px; border: none;
    border-top: 2px solid transparent;
}}
QTabBar::tab:hover {{ color: {TEXT}; }}
QTabBar::tab:selected {{ background: {PANEL}; color: {TEXT}; border-top-color: {ACCENT}; }}
QProgressBar {{
    background: {RAISED}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px;
}}
QProgressBar::chunk {{ background: {ACCENT}; border-radius: 3px; }}
QFrame[card="true"] {{
    background: {RAISED}; border: 1px solid {ACCENT}; border-radius: 6px;
}}
QFrame[popup="true"] {{
    background: {PANEL}; border: 1px solid {LINE}; border-radius: 6px;
}}
QStatusBar {{ background: {PANEL}; min-height: 36px; }}
QStatusBar::item {{ border: none; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {LINE}; border-radius: 4px; min-height: 24px; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {LINE}; border-radius: 4px; min-width: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QLabel[quiet="true"] {{ color: {QUIET}; }}
QLabel[heading="true"] {{ color: {QUIET}; font-weight: 600; }}
QFrame[caption="true"] {{
    background: rgba(31, 31, 31, 235); border-radius: 4px; padding: 3px 8px; color: {TEXT};
}}
QSlider {{ min-height: 24px; }}
QSlider::groove:horizontal {{ height: 4px; background: {LINE}; border-radius: 2px; }}
QSlider::handle:horizontal {{
    width: 12px; height: 12px; margin: -4px 0; border-radius: 6px; background: {QUIET};
}}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{ background: {ACCENT}; }}
QFrame[options="true"] {{
    background: rgba(39, 39, 39, 235); border: 1px solid {LINE}; border-radius: 4px;
}}
QFrame[message="info"] {{ background: {RAISED}; border-bottom: 1px solid {ACCENT}; }}
QFrame[message="warning"] {{ background: {RAISED}; border-bottom: 1px solid {LOST}; }}
"""


def apply_theme(application: QApplication) -> None:
    """Dress the whole application."""
    application.setStyle("Fusion")
    palette = QPalette()
    for role, color in _ROLES.items():
        palette.setColor(role, QColor(color))
    off = QPalette.ColorGroup.Disabled
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(off, role, QColor(DISABLED))
    palette.setColor(off, QPalette.ColorRole.WindowText, QColor(DISABLED))
    application.setPalette(palette)
    font = QFont(application.font())
    font.setPixelSize(TEXT_SIZE)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setKerning(False)  # Qt measures with it, and underlines an Alt letter without: it clips
    application.setFont(font)
    application.setStyleSheet(STYLE)


def indent_number(number: QAbstractSpinBox) -> None:
    """Begin a number as far from its border as other fields; the style sheet cannot say it."""
    number.lineEdit().setTextMargins(_INDENT, 0, 0, 0)


@lru_cache(maxsize=256)
def icon(name: str, color: str = TEXT) -> QIcon:
    """Return a Phosphor icon of the regular weight, for instance "eye"."""
    made: QIcon = qtawesome.icon(
        f"ph.{name}",
        color=color,
        color_disabled=DISABLED,
        color_active=color,
        color_selected=color,
    )
    return made


@lru_cache(maxsize=32)
def filled_icon(name: str, color: str = ACCENT) -> QIcon:
    """Return a Phosphor icon of the regular weight, filled."""
    made: QIcon = qtawesome.icon(f"ph.{name}-fill", color=color, color_disabled=DISABLED)
    return made
