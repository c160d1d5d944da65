"""What was used last, and no more of it than a limit."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """The values that were put or looked up last, by key.

    Args:
        limit: how many.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def put(self, key: Key, value: Value) -> Value:
        """Take a value in, and give it back; the one used longest ago goes."""
        self._values.pop(key, None)
        self._values[key] = value
        while len(self._values) > self._limit:
            self._values.popitem(last=False)
        return value

    def get(self, key: Key) -> Value | None:
        """Look a value up."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def take(self, key: Key) -> Value | None:
        """Look a value up and let it go."""
        return self._values.pop(key, None)

    def clear(self) -> None:
        """Let everything go."""
        self._values.clear()
