"""The commands of the Track and Playback menus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.actions import Command, has_clip
from app.command_steps import (
    any_prompts,
    busy,
    clear_range,
    follows,
    has_range,
    pause,
    paused,
    ready_to_track,
    set_range,
    toggle_follow,
    track,
    track_one_way,
)
from app.editor import Editor
from app.words import QT_TRANSLATE_NOOP

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


def _stepping(
    what: str, text: str, keys: tuple[str, ...], by: int, icon: str | None = None
) -> Command:
    return Command(
        f"playback.{what}", text, keys, lambda s: s.editor.transport.step(by), has_clip, icon=icon
    )


def _jump(what: str, text: str, keys: tuple[str, ...], go: Callable[[Editor], None]) -> Command:
    return Command(f"playback.{what}", text, keys, lambda s: go(s.editor), has_clip)


PLAYBACK = (
    Command(
        "playback.play",
        QT_TRANSLATE_NOOP("Commands", "&Play or stop"),
        ("Space",),
        lambda s: s.editor.transport.toggle(),
        has_clip,
        lambda editor: editor.transport.playing,
        icon="play",
    ),
    _stepping("back", QT_TRANSLATE_NOOP("Commands", "Previous frame"), ("Left",), -1, "caret-left"),
    _stepping("on", QT_TRANSLATE_NOOP("Commands", "Next frame"), ("Right",), 1, "caret-right"),
    _stepping("back_ten", QT_TRANSLATE_NOOP("Commands", "Ten frames back"), ("Shift+Left",), -10),
    _stepping("on_ten", QT_TRANSLATE_NOOP("Commands", "Ten frames on"), ("Shift+Right",), 10),
    _jump(
        "first",
        QT_TRANSLATE_NOOP("Commands", "First frame"),
        ("Home",),
        lambda editor: editor.transport.seek(0),
    ),
    _jump(
        "last",
        QT_TRANSLATE_NOOP("Commands", "Last frame"),
        ("End",),
        lambda editor: editor.transport.to_end(),
    ),
    _jump(
        "previous_prompt",
        QT_TRANSLATE_NOOP("Commands", "Previous prompt"),
        ("PgUp", "Ctrl+Left"),
        lambda editor: editor.transport.to_prompt(-1),
    ),
    _jump(
        "next_prompt",
        QT_TRANSLATE_NOOP("Commands", "Next prompt"),
        ("PgDown", "Ctrl+Right"),
        lambda editor: editor.transport.to_prompt(1),
    ),
    Command(
        "playback.in",
        QT_TRANSLATE_NOOP("Commands", "Set &in"),
        ("I",),
        partial(set_range, start=True),
        has_clip,
        separated=True,
    ),
    Command(
        "playback.out",
        QT_TRANSLATE_NOOP("Commands", "Set &out"),
        ("O",),
        partial(set_range, start=False),
        has_clip,
    ),
    Command(
        "playback.clear_in",
        QT_TRANSLATE_NOOP("Commands", "Clear in"),
        ("Alt+I",),
        partial(clear_range, start=True),
        has_range,
    ),
    Command(
        "playback.clear_out",
        QT_TRANSLATE_NOOP("Commands", "Clear out"),
        ("Alt+O",),
        partial(clear_range, start=False),
        has_range,
    ),
)
