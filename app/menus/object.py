"""The commands of the Object menu."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from app.actions import Command, Shell, has_clip
from app.menus.conditions import (
    exists,
    has_active,
)
from app.words import QT_TRANSLATE_NOOP
from matting_core.document import edits

_KEYS = 9


def remove_object(shell: Shell) -> None:
    """Remove the active object."""
    obj = shell.editor.active
    if obj is not None:
        shell.editor.push(
            QT_TRANSLATE_NOOP("Commands", "Remove object"), lambda p: edits.remove_object(p, obj.id)
        )


def toggle_visible(shell: Shell) -> None:
    """Show or hide the active object."""
    obj = shell.editor.active
    if obj is not None:
        text = (
            QT_TRANSLATE_NOOP("Commands", "Hide object")
            if obj.visible
            else QT_TRANSLATE_NOOP("Commands", "Show object")
        )
        shell.editor.push(text, lambda p: edits.set_visible(p, obj.id, not obj.visible))


def choose(shell: Shell, number: int) -> None:
    """Make the object of this number the active one."""
    objects = shell.editor.project.objects
    if number < len(objects):
        shell.editor.view.set_active(objects[number].id)


def _object_keys() -> Iterator[Command]:
    for number in range(_KEYS):
        yield Command(
            f"object.choose_{number + 1}",
            QT_TRANSLATE_NOOP("Commands", "Select object") + f" {number + 1}",
            (str(number + 1),),
            partial(choose, number=number),
            exists(number),
            separated=number == 0,
        )


_OBJECT = (
    Command(
        "object.add",
        QT_TRANSLATE_NOOP("Commands", "&Add object"),
        ("Ctrl+N",),
        lambda s: s.editor.add_object(),
        has_clip,
        icon="plus",
    ),
    Command(
        "object.remove",
        QT_TRANSLATE_NOOP("Commands", "&Remove object"),
        ("Ctrl+Del",),
        remove_object,
        has_active,
        icon="trash",
    ),
    Command(
        "object.visible",
        QT_TRANSLATE_NOOP("Commands", "&Show or hide object"),
        ("H",),
        toggle_visible,
        has_active,
        icon="eye",
    ),
)

OBJECT = (*_OBJECT, *_object_keys())
