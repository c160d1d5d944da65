"""The window never blocks: measured on the demo with the real weights."""

import time

import pytest
from PySide6.QtCore import QEventLoop, QTimer

from app.options import EditorOptions
from app.shell.theme import apply_theme
from matting_core.document.project import Settings
from tests.tools.stalls import DemoRun, StallMeter

MOST_WORK = 50.0
"""Milliseconds of the processor, so that it does not matter what else the machine does."""
LEAST_SHARE = 0.2
"""Of the ticks: a thread that waits for each frame lets nearly none through."""
FRAMES = 5


def work(seconds):
    began = time.thread_time()
    while time.thread_time() - began < seconds:
        pass


@pytest.mark.parametrize("stall", [time.sleep, work])
def test_the_meter_sees_a_stall_and_whether_it_was_work(qapp, stall):
    meter, loop = StallMeter(), QEventLoop()
    QTimer.singleShot(50, lambda: stall(0.4))
    QTimer.singleShot(500, loop.quit)
    meter.start()
    loop.exec()
    stalls = meter.stop()
    assert stalls.worst > 300
    assert stalls.share < 0.5
    assert (stalls.busy > MOST_WORK) == (stall is work)


@pytest.mark.slow
@pytest.mark.weights
@pytest.mark.timeout(600)
def test_tracking_with_the_real_models_never_blocks_the_window(make_window, qapp):
    apply_theme(qapp)
    window = make_window(settings=Settings())
    run = DemoRun(window, FRAMES)
    stalls = run.run()
    assert run.messages == []
    assert stalls.count > 100
    assert stalls.busy < MOST_WORK, str(stalls)
    assert stalls.share > LEAST_SHARE, str(stalls)
    assert EditorOptions().settings == Settings()
