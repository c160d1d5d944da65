"""A window with a matte on screen."""

import pytest

from app.main_window import MainWindow


@pytest.fixture
def matted(opened, hand, qtbot) -> MainWindow:
    """The disc clip with one matte on its first frame."""
    hand.click(80, 100)
    qtbot.waitUntil(lambda: opened.stage.picture.mattes == 1)
    return opened


@pytest.fixture
def tracked(matted, qtbot) -> MainWindow:
    """The disc clip with a matte on every frame, the playhead on the fifth."""
    editor = matted.editor
    matted.commands["track.both"].trigger()
    qtbot.waitUntil(lambda: not editor.runner.tracking)
    editor.playback.seek(5)
    qtbot.waitUntil(lambda: matted.stage.picture.request.frame == 5)
    qtbot.waitUntil(lambda: matted.stage.picture.mattes == 1 and editor.loader.idle)
    return matted
