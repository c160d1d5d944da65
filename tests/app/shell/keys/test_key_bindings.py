"""Each key gives one command; what was chosen is kept, and nonsense is not."""

import pytest
from PySide6.QtGui import QKeySequence

from app.command_order import all_commands
from app.shell.commands import MENUS
from app.shell.keys.bindings import KeyBindings
from app.shell.settings import UserSettings
from tests.tables import table

DEFAULTS = {"open": ("Ctrl+O",), "fit": ("F", "Ctrl+0"), "track": ("Ctrl+T",), "about": ()}


@pytest.fixture
def bound(qapp):
    def make():
        return KeyBindings(DEFAULTS, ["&File", "&View"], UserSettings())

    return make


def test_the_table_counts_until_something_is_chosen(bound):
    keys = bound()
    assert keys.keys("fit") == ("F", "Ctrl+0")
    assert keys.holder("Ctrl+T") == "track"
    assert keys.holder("Ctrl+9") is None


def test_a_new_key_is_shown_first_and_the_others_stay(bound, qtbot):
    keys = bound()
    with qtbot.waitSignal(keys.changed):
        keys.add("fit", "z")
    assert keys.keys("fit") == ("Z", "F", "Ctrl+0")
    assert bound().keys("fit") == ("Z", "F", "Ctrl+0")


def test_a_taken_key_leaves_its_command(bound):
    keys = bound()
    keys.add("about", "Ctrl+T")
    assert (keys.keys("about"), keys.keys("track")) == (("Ctrl+T",), ())
    keys.add("open", "Ctrl+T")
    assert keys.keys("about") == ()
    assert keys.keys("open") == ("Ctrl+T", "Ctrl+O")


def test_a_key_can_be_removed(bound):
    keys = bound()
    keys.remove("fit", "F")
    assert bound().keys("fit") == ("Ctrl+0",)
    keys.remove("track", "Ctrl+T")
    assert bound().keys("track") == ()


def test_resetting_gives_the_keys_back(bound):
    keys = bound()
    keys.add("about", "Ctrl+T")
    keys.add("open", "Ctrl+9")
    keys.reset("about")
    assert keys.keys("track") == ("Ctrl+T",)
    assert keys.changed_by_user("open")
    keys.reset_all()
    assert {each: keys.keys(each) for each in DEFAULTS} == DEFAULTS
    assert UserSettings().keys == {}


def test_resetting_leaves_what_others_got_by_choice(bound):
    keys = bound()
    keys.add("track", "Ctrl+9")
    keys.add("about", "Ctrl+T")
    keys.reset("track")
    assert (keys.keys("track"), keys.keys("about")) == ((), ("Ctrl+T",))


@table("key", ["Tab", "Return", "[", "Up", "Alt+F", "alt+v"])
def test_some_keys_are_no_commands(bound, key):
    assert bound().refusal(key)


def test_other_keys_are_free(bound):
    assert not bound().refusal("Ctrl+9")
    assert not bound().refusal("Alt+9")


@table(
    "stored",
    [
        "nonsense",
        "[1, 2]",
        '{"fit": "F"}',
        '{"fit": [1, null]}',
        '{"gone": ["F"]}',
    ],
)
def test_damaged_choices_are_ignored(bound, stored):
    UserSettings()._store.setValue("keys", stored)
    keys = bound()
    assert keys.keys("open") == ("Ctrl+O",)
    assert keys.keys("fit") in [("F", "Ctrl+0"), ()]


def test_keys_that_cannot_be_are_left_out(bound):
    UserSettings().keys = {"fit": ("Tab", "no key", "Z"), "track": ("Z", "Ctrl+9")}
    keys = bound()
    assert keys.keys("fit") == ("Z",)
    assert keys.keys("track") == ("Ctrl+9",)


def test_no_command_has_the_key_of_a_menu():
    menus = {QKeySequence.mnemonic(title).toString() for title in MENUS.values()}
    held = {QKeySequence(key).toString() for command in all_commands() for key in command.keys}
    assert "" not in menus
    assert len(menus) == len(MENUS)
    assert not menus & held
