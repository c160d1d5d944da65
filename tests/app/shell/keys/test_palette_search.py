"""A few letters find the command that is meant."""

from app.shell.keys.palette_search import Entry, found
from tests.tables import table

ENTRIES = [
    Entry("open", "Open clip or project", "File"),
    Entry("undo", "Undo", "Edit"),
    Entry("object", "Track object", "Track"),
    Entry("all", "Track all objects", "Track"),
    Entry("end", "Track to the end", "Track"),
    Entry("add", "Add object", "Object"),
    Entry("alpha", "Alpha", "View"),
    Entry("toggle", "Alpha on and off", "View"),
]


def ids(query, recent=()):
    return [entry.id for entry in found(ENTRIES, query, recent)]


@table(
    ("query", "best"),
    [
        ("track o", "object"),
        ("TRACK OBJECT", "object"),
        ("obj tr", "object"),
        ("trob", "object"),
        ("tte", "end"),
        ("tao", "all"),
        ("alpha", "alpha"),
        ("view off", "toggle"),
        ("clip", "open"),
    ],
)
def test_beginnings_of_words_find_a_command(query, best):
    assert ids(query)[0] == best


def test_every_part_of_the_query_has_to_fit():
    assert ids("track undo") == []
    assert ids("rack") == []
    assert ids("tra") == ["object", "all", "end"]


def test_nothing_typed_lists_all_with_the_recent_ones_first():
    assert ids("", ["alpha", "undo"])[:3] == ["alpha", "undo", "open"]
    assert len(ids("")) == len(ENTRIES)


def test_the_recent_one_comes_first_among_equals_only():
    assert ids("tra", ["end"]) == ["end", "object", "all"]
    assert ids("alpha o", ["alpha"])[0] == "toggle"


def test_a_name_counts_for_more_than_a_menu():
    assert ids("obj add")[0] == "add"
    assert ids("v")[:2] == ["alpha", "toggle"]
