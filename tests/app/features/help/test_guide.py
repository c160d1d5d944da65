"""The guide is whole: its pages, its links, and the keys that it names."""

import re

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QKeySequence, QTextDocument
from PySide6.QtTest import QTest

from app.command_order import all_commands
from app.features.help.guide import KEYS_PAGE, PAGES, default_keys, keys_page, read_page, title_of
from app.features.help.guide_dialog import GuideDialog
from matting_core.resources import resource_path
from tests.app.conftest import do
from tests.tables import table

KEY = re.compile(r"`((?:(?:Ctrl|Shift|Alt)\+)*(?:F\d+|[A-Z\d,/+\-\[\]]|[A-Z][a-z]{2,6}))`")
NO_COMMANDS = {"Tab", "Enter"}
LINK = re.compile(r"(?<!!)\[[^][\n]*\]\(([^)]+)\)")
PICTURE = re.compile(r"!\[[^]]*\]\(([^)]+)\)")


@pytest.fixture
def dialog(window) -> GuideDialog:
    do(window, "help.guide")
    (shown,) = window.findChildren(GuideDialog)
    return shown


def test_the_page_of_keys_is_the_table_of_commands():
    written = read_page(KEYS_PAGE)
    assert written == keys_page(all_commands(), default_keys), (
        "run: python -m tests.tools.keys_page"
    )
    for command in all_commands():
        for key in command.keys:
            assert f"`{key}`" in written


@table("page", PAGES)
def test_every_link_leads_to_a_page(page):
    assert set(LINK.findall(read_page(page))) <= set(PAGES)


@table("page", PAGES)
def test_every_key_that_is_named_gives_a_command(page):
    held = {QKeySequence(key).toString() for command in all_commands() for key in command.keys}
    named = set(KEY.findall(read_page(page))) - NO_COMMANDS
    assert {key for key in named if QKeySequence(key).toString() not in held} == set()


def test_pages_name_keys_at_all():
    assert {"Ctrl+T", "F3", "P", "Ctrl+,", "Space"} <= {
        key for page in PAGES[:-1] for key in KEY.findall(read_page(page))
    }


def test_every_page_is_listed_in_the_documents():
    index = (resource_path("..") / "docs" / "guide" / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in resource_path("guide").glob("*.md")}
    assert files == set(PAGES)
    for page in PAGES:
        assert f"[{title_of(read_page(page))}](../../resources/guide/{page})" in index


def test_it_shows_pages_and_follows_links(dialog, qtbot):
    assert dialog.text.toPlainText().startswith("First steps")
    dialog.text.anchorClicked.emit(QUrl("prompting.md"))
    assert dialog.page == "prompting.md"
    assert dialog.text.toPlainText().startswith("Prompting")
    QTest.keyClick(dialog.pages, Qt.Key.Key_Down)
    assert dialog.page == "tracking.md"


def test_the_page_of_keys_shows_the_keys_that_the_user_has(dialog, window):
    dialog.show_page(KEYS_PAGE)
    assert "Ctrl+9" not in dialog.text.toPlainText()
    window.commands.bindings.add("file.demo", "Ctrl+9")
    assert "Ctrl+9" in dialog.text.toPlainText()
    assert dialog.page == KEYS_PAGE


def test_it_stops_nothing_and_is_shown_once(dialog, window):
    assert not dialog.isModal()
    do(window, "help.guide")
    assert window.findChildren(GuideDialog) == [dialog]


def test_every_picture_is_there_and_each_is_shown():
    shown = {name for page in PAGES for name in PICTURE.findall(read_page(page))}
    folder = resource_path("guide") / "images"
    there = {f"images/{path.name}" for path in folder.iterdir()}
    assert shown == there


def test_pictures_have_the_pixels_of_the_screen(dialog, monkeypatch):
    kind, url = QTextDocument.ResourceType.ImageResource.value, QUrl("images/comparing.jpg")
    plain = dialog.text.loadResource(kind, url)
    monkeypatch.setattr(dialog.text, "devicePixelRatioF", lambda: 1.5)
    fine = dialog.text.loadResource(kind, url)
    assert fine.width() > plain.width()
    assert fine.deviceIndependentSize().width() == pytest.approx(plain.width())


def test_pictures_are_no_wider_than_the_page(dialog, qtbot):
    dialog.show()
    dialog.show_page("views.md")
    kind = QTextDocument.ResourceType.ImageResource.value
    picture = dialog.text.loadResource(kind, QUrl("images/comparing.jpg"))
    assert 300 < picture.width() <= dialog.text.viewport().width()
