"""What the commands do, and when they can be given."""

from __future__ import annotations

from app.actions import Shell, Test
from app.editor import Editor
from app.words import QT_TRANSLATE_NOOP
from matting_core.document import edits
from matting_core.document.project import Project
from matting_core.registry import tracker_specs
from matting_core.types import FrameRange


def ready_to_track(editor: Editor) -> bool:
    """Whether the active object could be tracked."""
    return editor.active is not None and bool(editor.active.prompts)


def any_prompts(editor: Editor) -> bool:
    """Whether any object could be tracked."""
    return any(obj.prompts for obj in editor.project)


def prompts_here(editor: Editor) -> bool:
    """Whether the active object has prompts on this frame."""
    return editor.active is not None and bool(editor.active.on_frame(editor.view.frame))


def understands_text(editor: Editor) -> bool:
    """Whether a clip is open and the project's tracker can be told what the object is called."""
    spec = tracker_specs().get(editor.project.settings.tracker)
    return editor.project.clip is not None and spec is not None and "text" in spec.accepts


def busy(editor: Editor) -> bool:
    """Whether there is anything to cancel."""
    runs = editor.engine.tracking or editor.exports.running or editor.transport.playing
    return runs or editor.models.job is not None


def paused(editor: Editor) -> bool:
    """Whether the track is paused."""
    return editor.engine.job is not None and editor.engine.job.paused


def can_undo(editor: Editor) -> bool:
    """Whether there is a step to undo."""
    return editor.document.stack.canUndo()


def can_redo(editor: Editor) -> bool:
    """Whether there is a step to redo."""
    return editor.document.stack.canRedo()


def has_active(editor: Editor) -> bool:
    """Whether an object is active."""
    return editor.active is not None


def can_export(editor: Editor) -> bool:
    """Whether an export could be started."""
    return any_prompts(editor) and not editor.exports.running


def has_range(editor: Editor) -> bool:
    """Whether in or out is set."""
    return editor.project.work_range is not None


def delete(shell: Shell) -> None:
    """Remove the selected prompt, or else all prompts on this frame."""
    editor = shell.editor
    obj, selected, frame = editor.active, editor.view.selected, editor.view.frame
    if obj is None:
        return
    if selected is not None:
        editor.push(
            QT_TRANSLATE_NOOP("Commands", "Remove prompt"),
            lambda p: edits.remove_prompt(p, obj.id, selected),
        )
    else:
        editor.push(
            QT_TRANSLATE_NOOP("Commands", "Remove prompts"),
            lambda p: edits.clear_frame(p, obj.id, frame),
        )


def remove_object(shell: Shell) -> None:
    """Remove the active object."""
    obj = shell.editor.active
    if obj is not None:
        shell.editor.push(
            QT_TRANSLATE_NOOP("Commands", "Remove object"), lambda p: edits.remove_object(p, obj.id)
        )


def toggle_visible(shell: Shell) -> None:
    """Show or hide the active object."""
    obj = shell.editor.active
    if obj is not None:
        text = (
            QT_TRANSLATE_NOOP("Commands", "Hide object")
            if obj.visible
            else QT_TRANSLATE_NOOP("Commands", "Show object")
        )
        shell.editor.push(text, lambda p: edits.set_visible(p, obj.id, not obj.visible))


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


def follows(editor: Editor) -> bool:
    """Whether the playhead goes along with a track."""
    return editor.follow


def toggle_follow(shell: Shell) -> None:
    """Let the playhead go along with tracks, or not."""
    shell.editor.follow = not shell.editor.follow


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


def choose(shell: Shell, number: int) -> None:
    """Make the object of this number the active one."""
    objects = shell.editor.project.objects
    if number < len(objects):
        shell.editor.view.set_active(objects[number].id)


def exists(number: int) -> Test:
    """For commands that need so many objects."""
    return lambda editor: number < len(editor.project.objects)
