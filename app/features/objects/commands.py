"""The commands of the Object menu, and naming the object on a frame by text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from app.canvas.tools.gestures import ToolContext
from app.features.objects import object_edits
from app.features.objects.panel import ObjectsPanel
from app.features.objects.text_dialog import TextDialog
from app.model.change import Change
from app.model.model import Model
from app.shell.commands import Command, CommandTable
from app.shell.conditions import (
    AllOf,
    Condition,
    HasModel,
    Topic,
    clip_ready,
    condition,
    has_active,
    has_clip,
    has_unlocked,
)
from app.shell.words import QT_TRANSLATE_NOOP, translate
from matting_core.document import edits
from matting_core.document.project import PALETTE
from matting_core.models.registry import tracker_specs
from matting_core.types import ObjectId

_KEYS = 9
_OBJECT_BUTTONS = ("object.add", "object.duplicate", "object.up", "object.down", "object.remove")
_OBJECT_MENU = (
    *("object.rename", "object.duplicate", "object.remove", ""),
    *("object.visible", "object.solo", "object.lock", "", "object.up", "object.down"),
)
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


class ObjectCommands:
    """Owner of the commands that need the window: renaming, colour, text.

    Args:
        model: whose objects they are.
        edit_name: lets an object's name be edited in its row.
        apply: makes a change that may correct a mask.
        window: over which dialogs are shown.
    """

    def __init__(
        self,
        model: Model,
        edit_name: Callable[[ObjectId], None],
        apply: Callable[[Change], None],
        window: QWidget,
    ) -> None:
        self.model = model
        self._edit_name = edit_name
        self._apply = apply
        self._window = window

    def rename(self) -> None:
        """Let the user edit the active object's name in its row."""
        if self.model.active is not None:
            self._edit_name(self.model.active.id)

    def ask_color(self) -> None:
        """Let the user choose any colour for the active object."""
        if self.model.active is not None:
            object_edits.ask_color(self.model, self.model.active.id, self._window)

    def ask_text(self) -> None:
        """Let the user name the object on this frame."""
        clip = self.model.project.clip
        if clip is None:
            return
        context = ToolContext(self.model.view.frame, clip.size, self.model.active)
        dialog = TextDialog(context, self._window)
        dialog.named.connect(self._apply)
        dialog.open()


@condition(
    Topic.DOCUMENT,
    QT_TRANSLATE_NOOP("Commands", "Choose a tracker that reads text, such as SAM 3."),
)
def reads_text(owner: HasModel) -> bool:
    """Whether the project's tracker can be told what the object is called."""
    spec = tracker_specs().get(owner.model.project.settings.tracker)
    return spec is not None and "text" in spec.accepts


@condition(Topic.DOCUMENT | Topic.ACTIVE)
def active_locked(owner: HasModel) -> bool:
    """Whether the active object is locked."""
    return owner.model.active is not None and owner.model.active.locked


@condition(Topic.OBJECTS | Topic.ACTIVE)
def active_soloed(owner: HasModel) -> bool:
    """Whether the active object is shown alone."""
    return owner.model.view.active in owner.model.objects.soloed


@condition(
    Topic.DOCUMENT | Topic.ACTIVE,
    QT_TRANSLATE_NOOP("Commands", "The object is at the top already."),
)
def can_raise(owner: HasModel) -> bool:
    """Whether the active object has another above it in the list."""
    active = owner.model.active
    return active is not None and active != owner.model.project.objects[0]


@condition(
    Topic.DOCUMENT | Topic.ACTIVE,
    QT_TRANSLATE_NOOP("Commands", "The object is at the bottom already."),
)
def can_lower(owner: HasModel) -> bool:
    """Whether the active object has another below it in the list."""
    active = owner.model.active
    return active is not None and active != owner.model.project.objects[-1]


@condition(Topic.DOCUMENT)
def shares_alpha(owner: HasModel) -> bool:
    """Whether the sum of the objects' mattes is held to 1."""
    return owner.model.project.share_alpha


def exists(number: int) -> Condition[HasModel]:
    """Make the condition that there are more than `number` objects."""
    return Condition(
        lambda owner: number < len(owner.model.project.objects),
        Topic.DOCUMENT,
        QT_TRANSLATE_NOOP("Commands", "There are fewer objects; add one (Ctrl+N)."),
    )


def add_object(owner: HasModel) -> None:
    """Append an object and make it the active one."""
    new = ObjectId(owner.model.project.next_id)
    owner.model.push(QT_TRANSLATE_NOOP("Commands", "Add object"), edits.add_object)
    owner.model.view.set_active(new)


def remove_object(owner: HasModel) -> None:
    """Remove the active object."""
    obj = owner.model.active
    if obj is not None:
        owner.model.push(
            QT_TRANSLATE_NOOP("Commands", "Remove object"), lambda p: edits.remove_object(p, obj.id)
        )


def duplicate_object(owner: HasModel) -> None:
    """Copy the active object and make the copy active."""
    obj, new = owner.model.active, ObjectId(owner.model.project.next_id)
    if obj is not None:
        owner.model.push(
            QT_TRANSLATE_NOOP("Commands", "Duplicate object"),
            lambda p: edits.duplicate_object(p, obj.id),
        )
        owner.model.view.set_active(new)


def toggle_visible(owner: HasModel) -> None:
    """Show or hide the active object."""
    obj = owner.model.active
    if obj is not None:
        object_edits.toggle_visible(owner.model, obj)


def toggle_locked(owner: HasModel) -> None:
    """Lock or unlock the active object."""
    obj = owner.model.active
    if obj is not None:
        object_edits.toggle_locked(owner.model, obj)


def toggle_solo(owner: HasModel) -> None:
    """Show the active object alone, or no longer."""
    obj = owner.model.active
    if obj is not None:
        owner.model.objects.toggle_solo(obj.id)


def move(owner: HasModel, by: int) -> None:
    """Move the active object up or down in the list."""
    obj, objects = owner.model.active, owner.model.project.objects
    if obj is not None:
        object_edits.move(owner.model, obj.id, objects.index(obj) + by)


def set_color(owner: HasModel, color: str) -> None:
    """Give the active object a colour."""
    obj = owner.model.active
    if obj is not None:
        object_edits.set_color(owner.model, obj.id, color)


def toggle_sharing(owner: HasModel) -> None:
    """Hold the sum of the objects' mattes to 1, or no longer."""
    share = not owner.model.project.share_alpha
    owner.model.push(
        QT_TRANSLATE_NOOP("Commands", "Share alpha")
        if share
        else QT_TRANSLATE_NOOP("Commands", "Stop sharing alpha"),
        lambda p: edits.set_share_alpha(p, share),
    )


def choose(owner: HasModel, number: int) -> None:
    """Make the object of this number the active one."""
    objects = owner.model.project.objects
    if number < len(objects):
        owner.model.view.set_active(objects[number].id)


def _object_keys() -> Iterator[Command[ObjectCommands]]:
    for number in range(_KEYS):
        yield Command(
            f"object.choose_{number + 1}",
            QT_TRANSLATE_NOOP("Commands", "Select object") + f" {number + 1}",
            (str(number + 1),),
            partial(choose, number=number),
            enabled_when=exists(number),
            separated=number == 0,
        )


def _has_color(owner: HasModel, color: str) -> bool:
    return owner.model.active is not None and owner.model.active.color == color


def _colors() -> Iterator[Command[ObjectCommands]]:
    for number, (name, color) in enumerate(zip(_COLOR_NAMES, PALETTE, strict=True), 1):
        yield Command(
            f"object.color_{number}",
            name,
            (),
            partial(set_color, color=color),
            enabled_when=has_unlocked,
            checked_when=Condition(partial(_has_color, color=color), Topic.DOCUMENT | Topic.ACTIVE),
            submenu=OBJECT_COLORS,
        )
    yield Command(
        "object.color_other",
        QT_TRANSLATE_NOOP("Commands", "Another colour…"),
        (),
        ObjectCommands.ask_color,
        enabled_when=has_unlocked,
        separated=True,
        submenu=OBJECT_COLORS,
    )


OBJECT: tuple[Command[ObjectCommands], ...] = (
    Command(
        "object.add",
        QT_TRANSLATE_NOOP("Commands", "&Add object"),
        ("Ctrl+N",),
        add_object,
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
        ObjectCommands.rename,
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

OBJECT_NUMBERS: tuple[Command[ObjectCommands], ...] = (*_object_keys(),)

TEXT: tuple[Command[ObjectCommands], ...] = (
    Command(
        "edit.text",
        QT_TRANSLATE_NOOP("Commands", "&Text…"),
        ("T",),
        ObjectCommands.ask_text,
        enabled_when=AllOf(clip_ready, reads_text),
        icon="text-t",
    ),
)


def objects_panel(model: Model, table: CommandTable, parent: QWidget) -> ObjectsPanel:
    """Make the panel of objects, with the same commands as the Object menu."""
    colors = QMenu(translate(OBJECT_COLORS), parent)
    for command in table.commands:
        if command.submenu == OBJECT_COLORS:
            if command.separated:
                colors.addSeparator()
            colors.addAction(table[command.id])
    offered = [table[each] if each else None for each in _OBJECT_MENU]
    buttons = [table[each] for each in _OBJECT_BUTTONS]
    return ObjectsPanel(model, buttons, [*offered, colors])
