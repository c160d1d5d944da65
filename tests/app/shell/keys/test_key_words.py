"""Words on screen name the keys that the user has."""

import pytest
from PySide6.QtCore import QCoreApplication

from tests.app.conftest import open_and_wait


@pytest.fixture
def bindings(window):
    return window.commands.bindings


def moved(bindings, command_id, old, new):
    bindings.add(command_id, new)
    bindings.remove(command_id, old)


def test_a_text_names_the_new_key(window, bindings):
    assert window.tr("track it (Ctrl+T)") == "track it (Ctrl+T)"
    moved(bindings, "track.both", "Ctrl+T", "Ctrl+9")
    assert window.tr("track it (Ctrl+T)") == "track it (Ctrl+9)"
    assert (
        window.tr("Full (1024 px), track (Ctrl+T, Space)")
        == "Full (1024 px), track (Ctrl+9, Space)"
    )


def test_a_key_that_is_no_more_is_left_out(window, bindings):
    bindings.remove("track.both", "Ctrl+T")
    assert window.tr("track it (Ctrl+T)") == "track it"
    assert window.tr("track or play (Ctrl+T, Space)") == "track or play (Space)"


def test_another_key_beside_the_old_one_changes_no_words(window, bindings):
    bindings.add("track.both", "Ctrl+9")
    assert window.tr("track it (Ctrl+T)") == "track it (Ctrl+T)"


def test_resetting_brings_the_words_back(window, bindings):
    moved(bindings, "track.both", "Ctrl+T", "Ctrl+9")
    bindings.reset_all()
    assert window.tr("track it (Ctrl+T)") == "track it (Ctrl+T)"


def test_the_canvas_names_the_new_key(window, bindings, clip, qtbot):
    moved(bindings, "view.overlay", "F2", "Ctrl+9")
    open_and_wait(window, clip, qtbot)
    assert window.stage.caption.startswith("Overlay (Ctrl+9)")


def test_a_closed_window_leaves_no_words_behind(window, bindings):
    moved(bindings, "track.both", "Ctrl+T", "Ctrl+9")
    window.close()
    assert QCoreApplication.translate("Stage", "track it (Ctrl+T)") == "track it (Ctrl+T)"
