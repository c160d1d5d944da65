"""The commands of the Track menu."""

from __future__ import annotations

from functools import partial

from app.actions import Command, Shell
from app.menus.conditions import (
    any_prompts,
    busy,
    follows,
    paused,
    ready_to_track,
)
from app.words import QT_TRANSLATE_NOOP
from matting_core.types import FrameRange


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
    if editor.active is not None and start < stop:
        editor.track([editor.active.id], FrameRange(start, stop))


def pause(shell: Shell) -> None:
    """Pause the track, or go on with it."""
    job = shell.editor.engine.job
    if job is not None:
        job.set_paused(not job.paused)


def toggle_follow(shell: Shell) -> None:
    """Let the playhead go along with tracks, or not."""
    shell.editor.follow = shell.editor.user.follow = not shell.editor.follow


TRACK = (
    Command(
        "track.both",
        QT_TRANSLATE_NOOP("Commands", "&Track object"),
        ("Ctrl+T",),
        partial(track, every=False),
        ready_to_track,
        icon="path",
    ),
    Command(
        "track.all",
        QT_TRANSLATE_NOOP("Commands", "Track &all objects"),
        ("Ctrl+Shift+T",),
        partial(track, every=True),
        any_prompts,
    ),
    Command(
        "track.forward",
        QT_TRANSLATE_NOOP("Commands", "Track to the &end"),
        ("Ctrl+]",),
        partial(track_one_way, forward=True),
        ready_to_track,
    ),
    Command(
        "track.backward",
        QT_TRANSLATE_NOOP("Commands", "Track to the &start"),
        ("Ctrl+[",),
        partial(track_one_way, forward=False),
        ready_to_track,
    ),
    Command(
        "track.pause",
        QT_TRANSLATE_NOOP("Commands", "&Pause tracking"),
        ("Ctrl+P",),
        pause,
        lambda editor: editor.engine.tracking,
        paused,
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
        busy,
    ),
)
