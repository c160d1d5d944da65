"""The commands of the Playback menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.editor import Editor
from app.shell.commands import Command, Shell, has_clip
from app.shell.conditions import any_doubtful, has_range
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import edits
from matting_core.document.project import Project
from matting_core.types import FrameRange


def set_range(shell: Shell, *, start: bool) -> None:
    """Move one end of the range here; the other stays unless it would be crossed."""
    editor, frame = shell.editor, shell.editor.view.frame
    old = editor.project.range
    length = editor.project.clip.length if editor.project.clip else 0
    if start:
        new = FrameRange(frame, old.stop if old.stop > frame else length)
    else:
        new = FrameRange(old.start if old.start <= frame else 0, frame + 1)
    editor.push(
        QT_TRANSLATE_NOOP("Commands", "Set in")
        if start
        else QT_TRANSLATE_NOOP("Commands", "Set out"),
        lambda p: edits.set_work_range(p, new),
    )


def clear_range(shell: Shell, *, start: bool) -> None:
    """Take one end of the range away."""

    def edit(project: Project) -> Project:
        if project.clip is None or project.work_range is None:
            return project
        whole, old = FrameRange(0, project.clip.length), project.work_range
        new = FrameRange(0, old.stop) if start else FrameRange(old.start, whole.stop)
        return edits.set_work_range(project, None if new == whole else new)

    shell.editor.push(
        QT_TRANSLATE_NOOP("Commands", "Clear in")
        if start
        else QT_TRANSLATE_NOOP("Commands", "Clear out"),
        edit,
    )


def go_to_doubt(shell: Shell, *, forward: bool) -> None:
    """Go to where the next or previous span begins that the active object's tracker doubts."""
    editor, here = shell.editor, shell.editor.view.frame
    if editor.active is None:
        return
    starts = [span.start for span in editor.coverage.doubtful(editor.active.id)]
    ahead = [frame for frame in starts if (frame > here if forward else frame < here)]
    if ahead:
        editor.transport.seek(min(ahead, key=lambda frame: abs(frame - here)))


def _stepping(
    what: str, text: str, keys: tuple[str, ...], by: int, icon: str | None = None
) -> Command:
    return Command(
        f"playback.{what}",
        text,
        keys,
        lambda s: s.editor.transport.step(by),
        enabled_when=has_clip,
        icon=icon,
    )


def _jump(what: str, text: str, keys: tuple[str, ...], go: Callable[[Editor], None]) -> Command:
    return Command(f"playback.{what}", text, keys, lambda s: go(s.editor), enabled_when=has_clip)


PLAYBACK = (
    Command(
        "playback.play",
        QT_TRANSLATE_NOOP("Commands", "&Play or stop"),
        ("Space",),
        lambda s: s.editor.transport.toggle(),
        enabled_when=has_clip,
        checked_when=lambda editor: editor.transport.playing,
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
        "playback.previous_doubt",
        QT_TRANSLATE_NOOP("Commands", "Previous doubtful frame"),
        ("Ctrl+PgUp",),
        partial(go_to_doubt, forward=False),
        enabled_when=any_doubtful,
    ),
    Command(
        "playback.next_doubt",
        QT_TRANSLATE_NOOP("Commands", "Next doubtful frame"),
        ("Ctrl+PgDown",),
        partial(go_to_doubt, forward=True),
        enabled_when=any_doubtful,
    ),
    Command(
        "playback.in",
        QT_TRANSLATE_NOOP("Commands", "Set &in"),
        ("I",),
        partial(set_range, start=True),
        enabled_when=has_clip,
        separated=True,
    ),
    Command(
        "playback.out",
        QT_TRANSLATE_NOOP("Commands", "Set &out"),
        ("O",),
        partial(set_range, start=False),
        enabled_when=has_clip,
    ),
    Command(
        "playback.clear_in",
        QT_TRANSLATE_NOOP("Commands", "Clear in"),
        ("Alt+I",),
        partial(clear_range, start=True),
        enabled_when=has_range,
    ),
    Command(
        "playback.clear_out",
        QT_TRANSLATE_NOOP("Commands", "Clear out"),
        ("Alt+O",),
        partial(clear_range, start=False),
        enabled_when=has_range,
    ),
)
