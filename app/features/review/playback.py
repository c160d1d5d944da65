"""The commands of the Playback menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.model.playback import Playback
from app.shell.commands import Command
from app.shell.conditions import HasModel, Topic, condition, has_clip
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import edits
from matting_core.document.project import Project
from matting_core.types import FrameRange


def set_range(owner: HasModel, *, start: bool) -> None:
    """Move one end of the range here; the other stays unless it would be crossed."""
    model, frame = owner.model, owner.model.view.frame
    old = model.project.range
    length = model.project.clip.length if model.project.clip else 0
    if start:
        new = FrameRange(frame, old.stop if old.stop > frame else length)
    else:
        new = FrameRange(old.start if old.start <= frame else 0, frame + 1)
    model.push(
        QT_TRANSLATE_NOOP("Commands", "Set in")
        if start
        else QT_TRANSLATE_NOOP("Commands", "Set out"),
        lambda p: edits.set_work_range(p, new),
    )


def clear_range(owner: HasModel, *, start: bool) -> None:
    """Take one end of the range away."""

    def edit(project: Project) -> Project:
        if project.clip is None or project.work_range is None:
            return project
        whole, old = FrameRange(0, project.clip.length), project.work_range
        new = FrameRange(0, old.stop) if start else FrameRange(old.start, whole.stop)
        return edits.set_work_range(project, None if new == whole else new)

    owner.model.push(
        QT_TRANSLATE_NOOP("Commands", "Clear in")
        if start
        else QT_TRANSLATE_NOOP("Commands", "Clear out"),
        edit,
    )


@condition(Topic.DOCUMENT, QT_TRANSLATE_NOOP("Commands", "Set in or out first."))
def has_range(owner: HasModel) -> bool:
    """Whether in or out is set."""
    return owner.model.project.work_range is not None


@condition(Topic.PLAYBACK)
def plays(owner: HasModel) -> bool:
    """Whether the clip is being played."""
    return owner.model.playback.playing


def _stepping(
    what: str, text: str, keys: tuple[str, ...], by: int, icon: str | None = None
) -> Command[HasModel]:
    return Command(
        f"playback.{what}",
        text,
        keys,
        lambda owner: owner.model.playback.step(by),
        enabled_when=has_clip,
        icon=icon,
    )


def _jump(
    what: str, text: str, keys: tuple[str, ...], go: Callable[[Playback], None]
) -> Command[HasModel]:
    return Command(
        f"playback.{what}",
        text,
        keys,
        lambda owner: go(owner.model.playback),
        enabled_when=has_clip,
    )


PLAYBACK: tuple[Command[HasModel], ...] = (
    Command(
        "playback.play",
        QT_TRANSLATE_NOOP("Commands", "&Play or stop"),
        ("Space",),
        lambda owner: owner.model.playback.toggle(),
        enabled_when=has_clip,
        checked_when=plays,
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
        lambda playback: playback.seek(0),
    ),
    _jump(
        "last",
        QT_TRANSLATE_NOOP("Commands", "Last frame"),
        ("End",),
        Playback.to_end,
    ),
    _jump(
        "previous_prompt",
        QT_TRANSLATE_NOOP("Commands", "Previous prompt"),
        ("PgUp", "Ctrl+Left"),
        lambda playback: playback.to_prompt(-1),
    ),
    _jump(
        "next_prompt",
        QT_TRANSLATE_NOOP("Commands", "Next prompt"),
        ("PgDown", "Ctrl+Right"),
        lambda playback: playback.to_prompt(1),
    ),
)

RANGE: tuple[Command[HasModel], ...] = (
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
