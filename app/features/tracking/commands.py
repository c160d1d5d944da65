"""The commands of the Track menu."""

from __future__ import annotations

from functools import partial

import numpy as np

from app.editor import Editor
from app.model.results import Status
from app.shell.commands import Command, Shell
from app.shell.conditions import (
    any_stale,
    any_to_track,
    any_versions,
    busy,
    follows,
    paused,
    ready_to_track,
    span_absent,
    span_held,
    span_to_track,
    tracking,
)
from app.shell.words import QT_TRANSLATE_NOOP, translated
from matting_core.document import span_edits
from matting_core.types import FrameRange, ObjectId


def track(shell: Shell, *, every: bool) -> None:
    """Track the active object, or all, over the in/out range."""
    editor = shell.editor
    ids = [obj.id for obj in editor.project] if every else []
    editor.track(ids or [obj.id for obj in (editor.active,) if obj], editor.project.range)


def track_one_way(shell: Shell, *, forward: bool) -> None:
    """Track the active object from here to one end of the range."""
    editor, frame = shell.editor, shell.editor.view.frame
    work = editor.project.range
    start, stop = (frame, work.stop) if forward else (work.start, frame + 1)
    if editor.active is not None:
        _track_here(editor, editor.active.id, start, stop)


def track_one(shell: Shell, *, forward: bool) -> None:
    """Track the active object to the next or previous frame, and go there."""
    editor, frame = shell.editor, shell.editor.view.frame + (1 if forward else -1)
    clip = editor.project.clip
    if editor.active is not None and clip is not None and 0 <= frame < clip.length:
        editor.track([editor.active.id], FrameRange(frame, frame + 1), then=frame)


def track_to_prompt(shell: Shell, *, forward: bool) -> None:
    """Track the active object from here to its next or previous prompt, else to the range's end."""
    editor, frame = shell.editor, shell.editor.view.frame
    obj, work = editor.active, editor.project.range
    if obj is None:
        return
    ahead = [f for f in obj.prompt_frames if (f > frame if forward else f < frame)]
    if forward:
        span = frame, min(ahead, default=work.stop - 1) + 1
    else:
        span = max(ahead, default=work.start), frame + 1
    _track_here(editor, obj.id, *span)


def _track_here(editor: Editor, object_id: ObjectId, start: int, stop: int) -> None:
    """Track from the playhead to an end of the range, or say why there is no way to it."""
    if start < stop:
        editor.track([object_id], FrameRange(start, stop))
    else:
        editor.messenger.tell(
            translated(
                QT_TRANSLATE_NOOP(
                    "Commands",
                    "The playhead is outside the range; move it or clear the range (Alt+I, Alt+O).",
                )
            )
        )


def track_span(shell: Shell) -> None:
    """Track the active object on the span that was selected in the timeline."""
    editor = shell.editor
    if editor.active is not None and editor.view.span is not None:
        editor.track([editor.active.id], editor.view.span)


def select_range(shell: Shell) -> None:
    """Select the active object's frames from in to out, or none where they are selected."""
    view, work = shell.editor.view, shell.editor.project.range
    view.select_span(None if view.span == work else work)


def update(shell: Shell) -> None:
    """Track again what is stale, of all objects, and nothing else."""
    editor = shell.editor
    editor.track_spans({obj.id: editor.coverage.stale(obj.id) for obj in editor.project})


def toggle_held(shell: Shell) -> None:
    """Lock the selected span or this frame, or unlock it where all of it is locked."""
    editor, span = shell.editor, shell.editor.view.span_here
    obj = editor.active
    if obj is None:
        return
    if span_edits.is_held(obj, span):
        editor.push(
            QT_TRANSLATE_NOOP("Commands", "Unlock frames"),
            lambda p: span_edits.release(p, obj.id, span),
        )
        return
    fresh = editor.coverage.statuses(obj.id)[span.start : span.stop]
    ready = (Status.FRESH, Status.DOUBTFUL, Status.LOST, Status.LOCKED, Status.ABSENT)
    if not np.isin(fresh, ready).all() or not len(fresh):
        editor.messenger.tell(
            translated(QT_TRANSLATE_NOOP("Commands", "Track these frames before you lock them."))
        )
        return
    editor.push(
        QT_TRANSLATE_NOOP("Commands", "Lock frames"), lambda p: span_edits.hold(p, obj.id, span)
    )


def toggle_absent(shell: Shell) -> None:
    """Take the object's matte away on the selected span or this frame, or bring it back."""
    editor, span = shell.editor, shell.editor.view.span_here
    obj = editor.active
    if obj is not None:
        absent = not span_edits.is_absent(obj, span)
        editor.push(
            QT_TRANSLATE_NOOP("Commands", "Delete span")
            if absent
            else QT_TRANSLATE_NOOP("Commands", "Bring span back"),
            lambda p: span_edits.set_absent(p, obj.id, span, absent),
        )


def pause(shell: Shell) -> None:
    """Pause the track, or go on with it."""
    job = shell.editor.engine.job
    if job is not None:
        job.set_paused(not job.paused)


def toggle_follow(shell: Shell) -> None:
    """Let the playhead go along with tracks, or not."""
    follow = not shell.editor.follow
    shell.editor.set_follow(follow)
    shell.editor.user.follow = follow  # what shows it reads the editor's


TRACK = (
    Command(
        "track.both",
        QT_TRANSLATE_NOOP("Commands", "&Track object"),
        ("Ctrl+T",),
        partial(track, every=False),
        enabled_when=ready_to_track,
        icon="path",
    ),
    Command(
        "track.all",
        QT_TRANSLATE_NOOP("Commands", "Track &all objects"),
        ("Ctrl+Shift+T",),
        partial(track, every=True),
        enabled_when=any_to_track,
    ),
    Command(
        "track.forward",
        QT_TRANSLATE_NOOP("Commands", "Track to the &end"),
        ("Ctrl+]",),
        partial(track_one_way, forward=True),
        enabled_when=ready_to_track,
    ),
    Command(
        "track.backward",
        QT_TRANSLATE_NOOP("Commands", "Track to the &start"),
        ("Ctrl+[",),
        partial(track_one_way, forward=False),
        enabled_when=ready_to_track,
    ),
    Command(
        "track.one_on",
        QT_TRANSLATE_NOOP("Commands", "Track one frame &on"),
        ("Ctrl+Alt+Right",),
        partial(track_one, forward=True),
        enabled_when=ready_to_track,
    ),
    Command(
        "track.one_back",
        QT_TRANSLATE_NOOP("Commands", "Track one frame &back"),
        ("Ctrl+Alt+Left",),
        partial(track_one, forward=False),
        enabled_when=ready_to_track,
    ),
    Command(
        "track.to_next",
        QT_TRANSLATE_NOOP("Commands", "Track to the &next prompt"),
        ("Ctrl+Shift+Right",),
        partial(track_to_prompt, forward=True),
        enabled_when=ready_to_track,
    ),
    Command(
        "track.to_previous",
        QT_TRANSLATE_NOOP("Commands", "Track to the previous prompt"),
        ("Ctrl+Shift+Left",),
        partial(track_to_prompt, forward=False),
        enabled_when=ready_to_track,
    ),
    Command(
        "track.span",
        QT_TRANSLATE_NOOP("Commands", "Track the selected span"),
        ("Ctrl+Shift+U",),
        track_span,
        enabled_when=span_to_track,
    ),
    Command(
        "track.update",
        QT_TRANSLATE_NOOP("Commands", "&Update stale frames"),
        ("Ctrl+U",),
        update,
        enabled_when=any_stale,
        icon="arrows-clockwise",
    ),
    Command(
        "track.select",
        QT_TRANSLATE_NOOP("Commands", "Select &in to out"),
        ("Ctrl+A",),
        select_range,
        enabled_when=ready_to_track,
        checked_when=lambda editor: editor.view.span is not None,
        separated=True,
    ),
    Command(
        "track.lock",
        QT_TRANSLATE_NOOP("Commands", "&Lock or unlock frames"),
        ("Ctrl+L",),
        toggle_held,
        enabled_when=ready_to_track,
        checked_when=span_held,
        icon="lock-simple",
    ),
    Command(
        "track.delete",
        QT_TRANSLATE_NOOP("Commands", "&Delete span or bring it back"),
        ("Shift+Del",),
        toggle_absent,
        enabled_when=ready_to_track,
        checked_when=span_absent,
    ),
    Command(
        "track.versions",
        QT_TRANSLATE_NOOP("Commands", "Earlier &versions…"),
        ("Ctrl+H",),
        lambda s: s.show_versions(),
        enabled_when=any_versions,
    ),
    Command(
        "track.pause",
        QT_TRANSLATE_NOOP("Commands", "&Pause tracking"),
        ("Ctrl+P",),
        pause,
        enabled_when=tracking,
        checked_when=paused,
        separated=True,
    ),
    Command(
        "track.follow",
        QT_TRANSLATE_NOOP("Commands", "&Follow the track"),
        (),
        toggle_follow,
        checked_when=follows,
    ),
    Command(
        "track.cancel",
        QT_TRANSLATE_NOOP("Commands", "&Cancel"),
        ("Esc",),
        lambda s: s.editor.cancel(),
        enabled_when=busy,
    ),
)
