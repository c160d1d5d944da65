"""Words on screen name the keys that the user has."""

import pytest
from PySide6.QtCore import QCoreApplication

from app.shell.keys.bindings import KeyBindings
from app.shell.keys.key_texts import KeyTexts
from app.shell.settings import UserSettings
from tests.app.conftest import open_and_wait

DEFAULTS = {"track.both": ("Ctrl+T",), "playback.play": ("Space",)}


@pytest.fixture
def bindings(qapp):
    bindings = KeyBindings(DEFAULTS, [], UserSettings())
    words = KeyTexts(bindings)
    yield bindings
    words.release()


def tr(text):
    return QCoreApplication.translate("Stage", text)


def move(bindings, command_id, old, new):
    bindings.add(command_id, new)
    bindings.remove(command_id, old)


def test_a_text_names_the_new_key(bindings):
    assert tr("track it (Ctrl+T)") == "track it (Ctrl+T)"
    move(bindings, "track.both", "Ctrl+T", "Ctrl+9")
    assert tr("track it (Ctrl+T)") == "track it (Ctrl+9)"
    assert tr("Full (1024 px), track (Ctrl+T, Space)") == "Full (1024 px), track (Ctrl+9, Space)"


def test_a_key_that_is_no_more_is_left_out(bindings):
    bindings.remove("track.both", "Ctrl+T")
    assert tr("track it (Ctrl+T)") == "track it"
    assert tr("track or play (Ctrl+T, Space)") == "track or play (Space)"


def test_another_key_beside_the_old_one_changes_no_words(bindings):
    bindings.add("track.both", "Ctrl+9")
    assert tr("track it (Ctrl+T)") == "track it (Ctrl+T)"


def test_resetting_brings_the_words_back(bindings):
    move(bindings, "track.both", "Ctrl+T", "Ctrl+9")
    bindings.reset_all()
    assert tr("track it (Ctrl+T)") == "track it (Ctrl+T)"


def test_the_canvas_names_the_new_key_until_the_window_is_closed(window, clip, qtbot):
    move(window.commands.bindings, "view.overlay", "F2", "Ctrl+9")
    open_and_wait(window, clip, qtbot)
    assert window.stage.caption.startswith("Overlay (Ctrl+9)")
    assert tr("Overlay (F2)") == "Overlay (Ctrl+9)"
    window.close()
    assert tr("Overlay (F2)") == "Overlay (F2)"
