"""A click takes few hops to its mask: counted, so that they do not become more unnoticed."""

from tests.tools.hops import ClickPath

MOST_SIGNALS = 4
MOST_FILES = 50


def test_a_click_reaches_its_mask_by_four_signals_no_timer_and_few_files(opened, hand, qtbot):
    hand.click(80, 100)
    qtbot.waitUntil(lambda: opened.stage.picture.mattes == 1 and not opened.editor.lanes.busy)
    path = ClickPath()
    path.start()
    try:
        hand.click(100, 90)
        qtbot.waitUntil(lambda: path.shown is not None)
    finally:
        path.stop()
    assert path.asked.root == "Canvas.mousePressEvent"
    assert path.shown.root == "JobLane._on_arrived", "a timer or another event is in between"
    assert len(path.signals) <= MOST_SIGNALS, path.signals
    assert 20 < len(path.files) < MOST_FILES, sorted(path.files)
