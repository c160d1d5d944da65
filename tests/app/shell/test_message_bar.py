"""Messages stay as long as they mean something."""

import pytest

from app.shell.message_bar import MessageBar
from app.shell.messages import Answer, Level, Message


@pytest.fixture
def bar(qtbot):
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


def test_information_goes_by_itself(bar):
    bar.show_message(Message("Exported 12 frames."))
    assert bar.stay.isActive()
    assert 5000 <= bar.stay.interval() <= 10_000
    bar.stay.timeout.emit()
    assert bar.text == ""
    assert bar.isHidden()


@pytest.mark.parametrize(
    "message",
    [
        Message("It cannot be read; choose another file.", Level.WARNING),
        Message("Licence?", Level.WARNING, (Answer("Read", lambda: None),)),
        Message("There is unsaved work.", Level.INFO, (Answer("Open", lambda: None),)),
    ],
)
def test_what_did_not_work_and_questions_stay(bar, message):
    bar.show_message(Message("Exported 12 frames."))
    bar.show_message(message)
    assert not bar.stay.isActive()
    assert bar.text == message.text


def test_a_question_comes_back_after_information_and_stays(bar):
    bar.show_message(Message("There is unsaved work.", answers=(Answer("Open", lambda: None),)))
    bar.show_message(Message("Exported 12 frames."))
    bar.stay.timeout.emit()
    assert bar.text == "There is unsaved work."
    assert not bar.stay.isActive()


def test_a_topic_that_is_settled_takes_its_messages_along(bar):
    bar.show_message(Message("Try again?", answers=(Answer("Again", lambda: None),), topic="a"))
    bar.show_message(Message("It cannot be read.", Level.WARNING, topic="b"))
    bar.settle("a")
    assert bar.text == "It cannot be read."
    bar.settle("b")
    assert bar.text == ""
