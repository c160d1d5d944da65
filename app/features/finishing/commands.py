"""The commands about an object's finishing: keyframes, in the Object menu, and shapes."""

from __future__ import annotations

from functools import partial

from app.canvas.tools.shapes import SHAPE_ROLES, closed, without_point
from app.editor import Editor
from app.shell.commands import Command, Shell
from app.shell.conditions import auto_keys, can_close_shape, has_keys
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import finishing_edits


def to_key(shell: Shell, way: int) -> None:
    """Go to the active object's next or previous finishing keyframe, if there is one."""
    frame = key_beyond(shell.editor, way)
    if frame is not None:
        shell.editor.transport.seek(frame)


def key_beyond(editor: Editor, way: int) -> int | None:
    """The nearest finishing keyframe of the active object after or before the playhead."""
    obj, here = editor.active, editor.view.frame
    frames = obj.finishing.key_frames if obj is not None else ()
    if way > 0:
        return next((frame for frame in frames if frame > here), None)
    return next((frame for frame in reversed(frames) if frame < here), None)


def delete_shape(editor: Editor) -> None:
    """Take the last point of the shape that is being drawn back, or else remove the selected.

    That is a point of the selected shape, or the whole shape.
    """
    objects, obj, shape_id = editor.objects, editor.active, editor.objects.shape
    point = objects.point
    if objects.drawing:
        objects.set_drawing(objects.drawing[:-1])
    elif obj is not None and shape_id is not None and point is not None:
        editor.take(without_point(obj.id, shape_id, point))
        objects.select_shape(shape_id)
    elif obj is not None and shape_id is not None:
        editor.push(
            QT_TRANSLATE_NOOP("Commands", "Remove shape"),
            lambda p: finishing_edits.remove_shape(p, obj.id, shape_id),
        )


def close_shape(shell: Shell) -> None:
    """Make a shape of the points that were drawn."""
    editor = shell.editor
    role = SHAPE_ROLES.get(editor.view.tool)
    if role is not None:
        points = editor.objects.drawing
        for step in closed(editor.active, role, editor.view.frame, points):
            editor.take(step)


FINISHING = (
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
        lambda s: s.editor.objects.set_auto_key(not s.editor.objects.auto_key),
        checked_when=auto_keys,
        icon="record",
    ),
    Command(
        "object.close_shape",
        QT_TRANSLATE_NOOP("Commands", "Close the shape"),
        (),
        close_shape,
        enabled_when=can_close_shape,
    ),
)
