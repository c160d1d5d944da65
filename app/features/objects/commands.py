"""The commands of the Object menu."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from app.editor import Editor
from app.features.finishing.commands import FINISHING
from app.shell.commands import Command, Shell, has_clip
from app.shell.conditions import (
    active_locked,
    active_soloed,
    can_lower,
    can_raise,
    clip_ready,
    exists,
    has_active,
    has_unlocked,
    shares_alpha,
)
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import edits
from matting_core.document.edits import Edit
from matting_core.document.project import PALETTE, MatteObject
from matting_core.types import ObjectId

_KEYS = 9
OBJECT_COLORS = QT_TRANSLATE_NOOP("Commands", "&Colour")
_COLOR_NAMES = (
    QT_TRANSLATE_NOOP("Commands", "Orange"),
    QT_TRANSLATE_NOOP("Commands", "Sky blue"),
    QT_TRANSLATE_NOOP("Commands", "Bluish green"),
    QT_TRANSLATE_NOOP("Commands", "Yellow"),
    QT_TRANSLATE_NOOP("Commands", "Reddish purple"),
    QT_TRANSLATE_NOOP("Commands", "Blue"),
    QT_TRANSLATE_NOOP("Commands", "Vermilion"),
)


def remove_object(shell: Shell) -> None:
    """Remove the active object."""
    obj = shell.editor.active
    if obj is not None:
        shell.editor.push(
            QT_TRANSLATE_NOOP("Commands", "Remove object"), lambda p: edits.remove_object(p, obj.id)
        )


def duplicate_object(shell: Shell) -> None:
    """Copy the active object and make the copy active."""
    obj, new = shell.editor.active, ObjectId(shell.editor.project.next_id)
    if obj is not None:
        shell.editor.push(
            QT_TRANSLATE_NOOP("Commands", "Duplicate object"),
            lambda p: edits.duplicate_object(p, obj.id),
        )
        shell.editor.view.set_active(new)


def toggle_visible(shell: Shell) -> None:
    """Show or hide the active object."""
    obj = shell.editor.active
    if obj is not None:
        shell.editor.push(*visibility(obj))


def toggle_locked(shell: Shell) -> None:
    """Lock or unlock the active object."""
    obj = shell.editor.active
    if obj is not None:
        shell.editor.push(*locking(obj))


def toggle_solo(shell: Shell) -> None:
    """Show the active object alone, or no longer."""
    obj = shell.editor.active
    if obj is not None:
        shell.editor.objects.toggle_solo(obj.id)


def move(shell: Shell, by: int) -> None:
    """Move the active object up or down in the list."""
    obj, objects = shell.editor.active, shell.editor.project.objects
    if obj is not None:
        to = objects.index(obj) + by
        shell.editor.push(
            QT_TRANSLATE_NOOP("Commands", "Move object"), lambda p: edits.move_object(p, obj.id, to)
        )


def set_color(shell: Shell, color: str) -> None:
    """Give the active object a colour."""
    obj = shell.editor.active
    if obj is not None:
        shell.editor.push(
            QT_TRANSLATE_NOOP("Commands", "Change colour"),
            lambda p: edits.set_color(p, obj.id, color),
        )


def toggle_sharing(shell: Shell) -> None:
    """Hold the sum of the objects' mattes to 1, or no longer."""
    share = not shell.editor.project.share_alpha
    shell.editor.push(
        QT_TRANSLATE_NOOP("Commands", "Share alpha")
        if share
        else QT_TRANSLATE_NOOP("Commands", "Stop sharing alpha"),
        lambda p: edits.set_share_alpha(p, share),
    )


def visibility(obj: MatteObject) -> tuple[str, Edit]:
    """What showing or hiding an object is called, and the edit."""
    text = (
        QT_TRANSLATE_NOOP("Commands", "Hide object")
        if obj.visible
        else QT_TRANSLATE_NOOP("Commands", "Show object")
    )
    return text, lambda p: edits.set_visible(p, obj.id, not obj.visible)


def locking(obj: MatteObject) -> tuple[str, Edit]:
    """What locking or unlocking an object is called, and the edit."""
    text = (
        QT_TRANSLATE_NOOP("Commands", "Unlock object")
        if obj.locked
        else QT_TRANSLATE_NOOP("Commands", "Lock object")
    )
    return text, lambda p: edits.set_locked(p, obj.id, not obj.locked)


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
            enabled_when=exists(number),
            separated=number == 0,
        )


def _has_color(editor: Editor, color: str) -> bool:
    return editor.active is not None and editor.active.color == color


def _colors() -> Iterator[Command]:
    for number, (name, color) in enumerate(zip(_COLOR_NAMES, PALETTE, strict=True), 1):
        yield Command(
            f"object.color_{number}",
            name,
            (),
            partial(set_color, color=color),
            enabled_when=has_unlocked,
            checked_when=partial(_has_color, color=color),
            submenu=OBJECT_COLORS,
        )
    yield Command(
        "object.color_other",
        QT_TRANSLATE_NOOP("Commands", "Another colour…"),
        (),
        lambda s: s.ask_object_color(),
        enabled_when=has_unlocked,
        separated=True,
        submenu=OBJECT_COLORS,
    )


_OBJECT = (
    Command(
        "object.add",
        QT_TRANSLATE_NOOP("Commands", "&Add object"),
        ("Ctrl+N",),
        lambda s: s.editor.add_object(),
        enabled_when=clip_ready,
        icon="plus",
    ),
    Command(
        "object.duplicate",
        QT_TRANSLATE_NOOP("Commands", "&Duplicate object"),
        ("Ctrl+D",),
        duplicate_object,
        enabled_when=has_active,
        icon="copy",
    ),
    Command(
        "object.rename",
        QT_TRANSLATE_NOOP("Commands", "Re&name object"),
        ("Ctrl+F2",),
        lambda s: s.rename_object(),
        enabled_when=has_unlocked,
    ),
    Command(
        "object.remove",
        QT_TRANSLATE_NOOP("Commands", "&Remove object"),
        ("Ctrl+Del",),
        remove_object,
        enabled_when=has_unlocked,
        icon="trash",
    ),
    Command(
        "object.visible",
        QT_TRANSLATE_NOOP("Commands", "&Show or hide object"),
        ("H",),
        toggle_visible,
        enabled_when=has_active,
        icon="eye",
        separated=True,
    ),
    Command(
        "object.solo",
        QT_TRANSLATE_NOOP("Commands", "S&olo object"),
        ("S",),
        toggle_solo,
        enabled_when=has_active,
        checked_when=active_soloed,
    ),
    Command(
        "object.lock",
        QT_TRANSLATE_NOOP("Commands", "&Lock object"),
        ("Shift+L",),
        toggle_locked,
        enabled_when=has_active,
        checked_when=active_locked,
    ),
    Command(
        "object.up",
        QT_TRANSLATE_NOOP("Commands", "Move &up"),
        ("Alt+Up",),
        partial(move, by=-1),
        enabled_when=can_raise,
        icon="caret-up",
        separated=True,
    ),
    Command(
        "object.down",
        QT_TRANSLATE_NOOP("Commands", "Move do&wn"),
        ("Alt+Down",),
        partial(move, by=1),
        enabled_when=can_lower,
        icon="caret-down",
    ),
    *_colors(),
    Command(
        "object.share",
        QT_TRANSLATE_NOOP("Commands", "Objects s&hare: sum of mattes at most 1"),
        (),
        toggle_sharing,
        enabled_when=has_clip,
        checked_when=shares_alpha,
        separated=True,
    ),
)

OBJECT = (*_OBJECT, *FINISHING, *_object_keys())
