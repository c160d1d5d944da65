"""The window never blocks: measured on the demo with the real weights."""

import time

import pytest
from PySide6.QtCore import QEventLoop, QTimer

from app.options import EditorOptions
from app.shell.theme import apply_theme
from matting_core.document.project import Settings
from tests.tools.stalls import DemoRun, StallMeter

LIMIT = 50.0
FRAMES = 5


def test_the_meter_sees_a_stall(qapp):
    meter, loop = StallMeter(), QEventLoop()
    QTimer.singleShot(50, lambda: time.sleep(0.12))
    QTimer.singleShot(300, loop.quit)
    meter.start()
    loop.exec()
    assert meter.stop().worst > 80


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
    assert stalls.p99 < LIMIT, str(stalls)
    assert EditorOptions().settings == Settings()
