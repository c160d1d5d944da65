"""The pages of the guide; the one of keys is made from the table of commands.

`python -m tests.tools.keys_page` writes that page into the resources.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.shell.commands import MENUS, Command
from app.shell.words import strip_marks, translate
from matting_core.resources import resource_path

PAGES = (
    "first-steps.md",
    "prompting.md",
    "tracking.md",
    "views.md",
    "exporting.md",
    "projects.md",
    "keys.md",
)
"""In the order of the work."""
KEYS_PAGE = "keys.md"
KeysOf = Callable[[Command[Any]], Sequence[str]]

_MOUSE = """## With the mouse

| Where | What | Does |
|---|---|---|
| Canvas | wheel | zooms at the cursor |
| Canvas | middle button | drags the picture |
| Canvas | double click with the middle button | fits the picture to the window |
| Timeline | click or drag | goes to the frame |
| Timeline | click on a name | makes the object the active one |
"""


def keys_page(commands: Sequence[Command[Any]], keys_of: KeysOf) -> str:
    """Write the page of keys.

    Args:
        commands: in the order of the menus.
        keys_of: the keys of a command, as they are to be shown.
    """
    parts = [
        "# Keys\n",
        "**Help > Keys** gives commands other keys; the command palette finds them by name.\n",
    ]
    for menu, title in MENUS.items():
        rows = [_row(each, keys_of(each)) for each in commands if each.menu == menu]
        table = "\n".join(["| Command | Keys |", "|---|---|", *rows])
        parts.append(f"## {strip_marks(translate(title))}\n\n{table}\n")
    parts.append(_MOUSE)
    return "\n".join(parts)


def read_page(name: str) -> str:
    """The text of a page that ships with Wisp."""
    return resource_path(f"guide/{name}").read_text(encoding="utf-8")


def title_of(text: str) -> str:
    """The title of a page: its first heading."""
    return text.partition("\n")[0].removeprefix("# ")


def default_keys(command: Command[Any]) -> Sequence[str]:
    """The keys that the table gives to a command."""
    return command.keys


def _row(command: Command[Any], keys: Sequence[str]) -> str:
    shown = ", ".join(f"`{key}`" for key in keys)
    return f"| {strip_marks(translate(command.text))} | {shown} |"
