"""The commands about finishing keyframes, in the Object menu."""

from __future__ import annotations

from functools import partial

from app.features.finishing.panel import FinishingPanel
from app.model.model import Model
from app.shell.commands import Command, CommandTable
from app.shell.conditions import HasModel, Topic, condition
from app.shell.words import QT_TRANSLATE_NOOP


@condition(
    Topic.DOCUMENT | Topic.ACTIVE,
    QT_TRANSLATE_NOOP("Commands", "Set a keyframe first: click a diamond in the Matte panel."),
)
def has_keys(owner: HasModel) -> bool:
    """Whether the active object's finishing has keyframes."""
    active = owner.model.active
    return active is not None and bool(active.finishing.key_frames)


@condition(Topic.OBJECTS)
def auto_keys(owner: HasModel) -> bool:
    """Whether an edit of a parameter sets its first keyframe."""
    return owner.model.objects.auto_key


def to_key(owner: HasModel, way: int) -> None:
    """Go to the active object's next or previous finishing keyframe, if there is one."""
    frame = key_beyond(owner.model, way)
    if frame is not None:
        owner.model.playback.seek(frame)


def key_beyond(model: Model, way: int) -> int | None:
    """The nearest finishing keyframe of the active object after or before the playhead."""
    obj, here = model.active, model.view.frame
    frames = obj.finishing.key_frames if obj is not None else ()
    if way > 0:
        return next((frame for frame in frames if frame > here), None)
    return next((frame for frame in reversed(frames) if frame < here), None)


def toggle_auto_key(owner: HasModel) -> None:
    """Let edits of a parameter set its first keyframe, or no longer."""
    objects = owner.model.objects
    objects.set_auto_key(not objects.auto_key)


FINISHING: tuple[Command[HasModel], ...] = (
    Command(
        "object.previous_key",
        QT_TRANSLATE_NOOP("Commands", "Previous matte keyframe"),
        ("Shift+PgUp",),
        partial(to_key, way=-1),
        enabled_when=has_keys,
        icon="caret-left",
        separated=True,
    ),
    Command(
        "object.next_key",
        QT_TRANSLATE_NOOP("Commands", "Next matte keyframe"),
        ("Shift+PgDown",),
        partial(to_key, way=1),
        enabled_when=has_keys,
        icon="caret-right",
    ),
    Command(
        "object.auto_key",
        QT_TRANSLATE_NOOP("Commands", "Set matte keyframes by editing"),
        (),
        toggle_auto_key,
        checked_when=auto_keys,
        icon="record",
    ),
)


def finishing_panel(model: Model, table: CommandTable) -> FinishingPanel:
    """Make the panel Matte, with the commands about keyframes and shapes."""
    keys = ("object.previous_key", "object.next_key", "object.auto_key")
    tools = ("edit.tool_garbage", "edit.tool_holdout")
    return FinishingPanel(model, [table[each] for each in keys], [table[each] for each in tools])
