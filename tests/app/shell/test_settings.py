"""What is remembered between runs comes back; what is damaged counts as not stored."""

import pytest
from PySide6.QtCore import QSettings

from app.shell.settings import UserSettings
from tests.tables import table


@pytest.fixture
def stored():
    """The file itself, as a hand or another program would write it."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Wisp", "wisp")


def test_autosave_and_backups_have_defaults_and_come_back():
    user = UserSettings()
    assert (user.autosave_seconds, user.backups) == (30, 10)
    user.autosave_seconds, user.backups = 60, 3
    again = UserSettings()
    assert (again.autosave_seconds, again.backups) == (60, 3)


@table("damaged", ["soon", "", "-1", "1e9", "99999999"])
def test_damaged_numbers_are_ignored(stored, damaged):
    stored.setValue("save/autosave_seconds", damaged)
    stored.setValue("save/backups", damaged)
    user = UserSettings()
    assert (user.autosave_seconds, user.backups) == (30, 10)


def test_a_preference_tells_that_it_changed(qtbot):
    user = UserSettings()
    with qtbot.waitSignal(user.changed):
        user.backups = 5
