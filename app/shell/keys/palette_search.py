"""Which commands a few typed letters mean, the best first; needs no Qt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+")
_WHOLE, _NAME, _JOINED, _PATH = 8, 4, 2, 1


@dataclass(frozen=True, slots=True)
class Entry:
    """Command as the palette lists it.

    Attributes:
        id: stable name, by which it is remembered.
        name: as in its menu, without the mark of its key.
        path: the menus that lead to it, for instance "File › Open recent".
        keys: its first shortcut as the system writes it, or empty.
        enabled: whether it can be given now.
        checked: whether it is on, for those that switch something.
    """

    id: str
    name: str
    path: str = ""
    keys: str = ""
    enabled: bool = True
    checked: bool = False


def found(entries: Iterable[Entry], query: str, recent: Sequence[str] = ()) -> list[Entry]:
    """Return the entries that a query means, the best first; all of them for an empty query.

    Args:
        entries: in the order of the menus.
        query: words or beginnings of words, in any order.
        recent: ids, the one used last first; among equals these come first.
    """
    places = {each: place for place, each in enumerate(recent)}
    ranked = []
    for number, entry in enumerate(entries):
        points = score(entry, query)
        if points is not None:
            ranked.append((-points, places.get(entry.id, len(places)), number, entry))
    return [entry for *_, entry in sorted(ranked, key=lambda each: each[:3])]


def score(entry: Entry, query: str) -> int | None:
    """How well an entry fits a query, or None if a part of the query fits nothing in it.

    Every part has to begin a word of the name or of the path, or to join the beginnings of
    successive words: "tr ob", "object" and "trob" all mean "Track object".
    """
    names, paths = _words(entry.name), _words(entry.path)
    parts = _words(query)
    points = [_part_score(part, names, paths) for part in parts]
    if 0 in points:
        return None
    whole = _WHOLE if parts and " ".join(names).startswith(" ".join(parts)) else 0
    return sum(points) + whole


def _part_score(part: str, names: list[str], paths: list[str]) -> int:
    if any(word.startswith(part) for word in names):
        return _NAME
    if any(_joins(part, names[start:]) for start in range(len(names))):
        return _JOINED
    return _PATH if any(word.startswith(part) for word in paths) else 0


def _joins(part: str, words: list[str]) -> bool:
    """Whether a part is made of the beginnings of these words, each at least one letter."""
    if not part:
        return True
    if not words:
        return False
    common = 0
    while common < min(len(part), len(words[0])) and part[common] == words[0][common]:
        common += 1
    return any(_joins(part[taken:], words[1:]) for taken in range(common, 0, -1))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
