"""The commands of the Track menu, and those of the playhead that follow the tracker's doubt."""

from __future__ import annotations

from functools import partial

from app.features.tracking.tracking import Tracking
from app.shell.commands import Command
from app.shell.conditions import AllOf, HasModel, Topic, clip_is_there, clip_ready, condition
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import span_edits
from matting_core.types import FrameRange, ObjectId


@condition(
    Topic.DOCUMENT | Topic.ACTIVE,
    QT_TRANSLATE_NOOP("Commands", "Prompt the object first: click it; if it is locked, unlock it."),
)
def active_prompted(owner: HasModel) -> bool:
    """Whether the active object has prompts and may be changed."""
    active = owner.model.active
    return active is not None and bool(active.prompts) and not active.locked


@condition(Topic.DOCUMENT, QT_TRANSLATE_NOOP("Commands", "Prompt an object first: click it."))
def any_prompted(owner: HasModel) -> bool:
    """Whether any object has prompts and may be changed."""
    return any(obj.prompts and not obj.locked for obj in owner.model.project)


@condition(
    Topic.DOCUMENT | Topic.RESULTS,
    QT_TRANSLATE_NOOP("Commands", "No frame is stale; what has prompts is up to date."),
)
def has_stale(owner: HasModel) -> bool:
    """Whether any object that can be tracked has a matte of other prompts or settings."""
    trackable = (obj for obj in owner.model.project if obj.prompts and not obj.locked)
    return any(owner.model.results.stale(obj.id) for obj in trackable)


@condition(
    Topic.SELECTION,
    QT_TRANSLATE_NOOP("Commands", "Select frames first: drag in the timeline with Shift."),
)
def has_span(owner: HasModel) -> bool:
    """Whether frames are selected in the timeline."""
    return owner.model.view.span is not None


@condition(Topic.DOCUMENT | Topic.ACTIVE | Topic.SELECTION | Topic.PLAYHEAD)
def span_held(owner: HasModel) -> bool:
    """Whether the selected span, or this frame, is locked."""
    active = owner.model.active
    return active is not None and span_edits.is_span_locked(active, owner.model.view.span_here)


@condition(Topic.DOCUMENT | Topic.ACTIVE | Topic.SELECTION | Topic.PLAYHEAD)
def span_absent(owner: HasModel) -> bool:
    """Whether the object was said not to be on the selected span, or on this frame."""
    active = owner.model.active
    return active is not None and span_edits.is_absent(active, owner.model.view.span_here)


@condition(Topic.TASKS, QT_TRANSLATE_NOOP("Commands", "No track runs; start one (Ctrl+T)."))
def tracks(owner: Tracking) -> bool:
    """Whether a track runs or is paused."""
    return owner.tracking


@condition(Topic.TASKS)
def paused(owner: Tracking) -> bool:
    """Whether the track is paused."""
    return owner.paused


@condition(Topic.SETTINGS)
def follows(owner: Tracking) -> bool:
    """Whether the playhead goes along with a track."""
    return owner.follow


@condition(
    Topic.ACTIVE | Topic.DOCUMENT | Topic.RESULTS,
    QT_TRANSLATE_NOOP("Commands", "The tracker doubts no frame of the active object."),
)
def any_doubtful(owner: HasModel) -> bool:
    """Whether the tracker doubts frames of the active object, or has not found it on some."""
    active = owner.model.active
    return active is not None and bool(owner.model.results.doubtful(active.id))


ready_to_track = AllOf(clip_ready, active_prompted)
any_to_track = AllOf(clip_ready, any_prompted)
any_stale = AllOf(clip_is_there, has_stale)
span_to_track = AllOf(ready_to_track, has_span)


def track(owner: Tracking, *, every: bool) -> None:
    """Track the active object, or all, over the in/out range."""
    project, active = owner.model.project, owner.model.active
    ids = [obj.id for obj in project] if every else []
    owner.track(ids or [obj.id for obj in (active,) if obj], project.range)


def track_one_way(owner: Tracking, *, forward: bool) -> None:
    """Track the active object from here to one end of the range."""
    model, frame = owner.model, owner.model.view.frame
    work = model.project.range
    start, stop = (frame, work.stop) if forward else (work.start, frame + 1)
    if model.active is not None:
        _track_here(owner, model.active.id, start, stop)


def track_one(owner: Tracking, *, forward: bool) -> None:
    """Track the active object to the next or previous frame, and go there."""
    model, frame = owner.model, owner.model.view.frame + (1 if forward else -1)
    clip = model.project.clip
    if model.active is not None and clip is not None and 0 <= frame < clip.length:
        owner.track([model.active.id], FrameRange(frame, frame + 1))
        model.playback.seek(frame)


def track_to_prompt(owner: Tracking, *, forward: bool) -> None:
    """Track the active object from here to its next or previous prompt, else to the range's end."""
    model, frame = owner.model, owner.model.view.frame
    obj, work = model.active, model.project.range
    if obj is None:
        return
    ahead = [f for f in obj.prompt_frames if (f > frame if forward else f < frame)]
    if forward:
        span = frame, min(ahead, default=work.stop - 1) + 1
    else:
        span = max(ahead, default=work.start), frame + 1
    _track_here(owner, obj.id, *span)


def _track_here(owner: Tracking, object_id: ObjectId, start: int, stop: int) -> None:
    """Track from the playhead to an end of the range, or say why there is no way to it."""
    if start < stop:
        owner.track([object_id], FrameRange(start, stop))
    else:
        owner.tell(
            QT_TRANSLATE_NOOP(
                "Commands",
                "The playhead is outside the range; move it or clear the range (Alt+I, Alt+O).",
            )
        )


def track_span(owner: Tracking) -> None:
    """Track the active object on the span that was selected in the timeline."""
    active, span = owner.model.active, owner.model.view.span
    if active is not None and span is not None:
        owner.track([active.id], span)


def select_range(owner: Tracking) -> None:
    """Select the active object's frames from in to out, or none where they are selected."""
    view, work = owner.model.view, owner.model.project.range
    view.select_span(None if view.span == work else work)


def update(owner: Tracking) -> None:
    """Track again what is stale, of all objects, and nothing else."""
    model = owner.model
    owner.track_spans({obj.id: model.results.stale(obj.id) for obj in model.project})


def toggle_held(owner: Tracking) -> None:
    """Lock the selected span or this frame, or unlock it where all of it is locked."""
    model, span = owner.model, owner.model.view.span_here
    obj = model.active
    if obj is None:
        return
    if span_edits.is_span_locked(obj, span):
        model.push(
            QT_TRANSLATE_NOOP("Commands", "Unlock frames"),
            lambda p: span_edits.unlock_span(p, obj.id, span),
        )
    elif not model.results.complete(obj.id, span):
        owner.tell(QT_TRANSLATE_NOOP("Commands", "Track these frames before you lock them."))
    else:
        model.push(
            QT_TRANSLATE_NOOP("Commands", "Lock frames"),
            lambda p: span_edits.lock_span(p, obj.id, span),
        )


def toggle_absent(owner: Tracking) -> None:
    """Take the object's matte away on the selected span or this frame, or bring it back."""
    model, span = owner.model, owner.model.view.span_here
    obj = model.active
    if obj is not None:
        absent = not span_edits.is_absent(obj, span)
        model.push(
            QT_TRANSLATE_NOOP("Commands", "Delete span")
            if absent
            else QT_TRANSLATE_NOOP("Commands", "Bring span back"),
            lambda p: span_edits.set_absent(p, obj.id, span, absent),
        )


def go_to_doubt(owner: HasModel, *, forward: bool) -> None:
    """Go to where the next or previous span begins that the active object's tracker doubts."""
    model, here = owner.model, owner.model.view.frame
    if model.active is None:
        return
    starts = [span.start for span in model.results.doubtful(model.active.id)]
    ahead = [frame for frame in starts if (frame > here if forward else frame < here)]
    if ahead:
        model.playback.seek(min(ahead, key=lambda frame: abs(frame - here)))


TRACK: tuple[Command[Tracking], ...] = (
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
        checked_when=has_span,
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
)

RUNNING: tuple[Command[Tracking], ...] = (
    Command(
        "track.pause",
        QT_TRANSLATE_NOOP("Commands", "&Pause tracking"),
        ("Ctrl+P",),
        Tracking.toggle_pause,
        enabled_when=tracks,
        checked_when=paused,
        separated=True,
    ),
    Command(
        "track.follow",
        QT_TRANSLATE_NOOP("Commands", "&Follow the track"),
        (),
        lambda owner: owner.set_follow(not owner.follow),
        checked_when=follows,
    ),
)

DOUBT: tuple[Command[HasModel], ...] = (
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
)
