"""When commands can be given, and when they are on."""

from __future__ import annotations

from functools import partial

from app.editor import Editor
from app.model.look import Comparison
from app.model.tool_names import BRUSHES, SHAPE_TOOLS, ToolName
from app.shell.commands import REASONS, AllOf, Test, has_clip
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import span_edits
from matting_core.document.shapes import LEAST_POINTS
from matting_core.models.registry import tracker_specs


def clip_is_there(editor: Editor) -> bool:
    """Whether the document's clip can be shown, if it has one."""
    return not editor.document.clip_missing


def active_prompted(editor: Editor) -> bool:
    """Whether the active object has prompts and may be changed."""
    return editor.active is not None and bool(editor.active.prompts) and not editor.active.locked


def any_prompted(editor: Editor) -> bool:
    """Whether any object has prompts and may be changed."""
    return any(obj.prompts and not obj.locked for obj in editor.project)


def any_prompts(editor: Editor) -> bool:
    """Whether any object has prompts."""
    return any(obj.prompts for obj in editor.project)


def has_stale(editor: Editor) -> bool:
    """Whether any object that can be tracked has a matte of other prompts or settings."""
    trackable = (obj for obj in editor.project if obj.prompts and not obj.locked)
    return any(editor.coverage.stale(obj.id) for obj in trackable)


def any_doubtful(editor: Editor) -> bool:
    """Whether the tracker doubts frames of the active object, or has not found it on some."""
    return editor.active is not None and bool(editor.coverage.doubtful(editor.active.id))


def has_span(editor: Editor) -> bool:
    """Whether frames are selected in the timeline."""
    return editor.view.span is not None


clip_ready = AllOf(has_clip, clip_is_there)
"""Whether there are frames to look at."""
ready_to_track = AllOf(clip_ready, active_prompted)
"""Whether the active object could be tracked."""
any_to_track = AllOf(clip_ready, any_prompted)
"""Whether any object could be tracked."""
any_stale = AllOf(clip_is_there, has_stale)
"""Whether anything could be tracked again."""
span_to_track = AllOf(ready_to_track, has_span)
"""Whether frames are selected in the timeline and could be tracked."""


def span_held(editor: Editor) -> bool:
    """Whether the selected span, or this frame, is locked."""
    return editor.active is not None and span_edits.is_held(editor.active, editor.view.span_here)


def span_absent(editor: Editor) -> bool:
    """Whether the object was said not to be on the selected span, or on this frame."""
    return editor.active is not None and span_edits.is_absent(editor.active, editor.view.span_here)


def any_versions(editor: Editor) -> bool:
    """Whether there is an earlier version to look at."""
    return editor.versions.earlier(editor.project) is not None


def wiping(editor: Editor) -> bool:
    """Whether two pictures are compared with a line between them."""
    return editor.view.look.comparison is Comparison.WIPE


def prompts_here(editor: Editor) -> bool:
    """Whether the active object has prompts on this frame."""
    return editor.active is not None and bool(editor.active.on_frame(editor.view.frame))


def can_delete(editor: Editor) -> bool:
    """Whether Delete has anything to remove: prompts or strokes on this frame, or a shape."""
    objects = editor.objects
    shapes = editor.view.tool in SHAPE_TOOLS and (objects.shape is not None or objects.drawing)
    return bool(shapes) or strokes_here(editor) or prompts_here(editor)


def strokes_here(editor: Editor) -> bool:
    """Whether the Refine Edge brush is chosen, and has strokes on this frame."""
    obj = editor.active
    if obj is None or editor.view.tool is not ToolName.REFINE:
        return False
    return obj.strokes_on(editor.view.frame) is not None


def brushing(editor: Editor) -> bool:
    """Whether a brush is chosen."""
    return editor.view.tool in BRUSHES


def reads_text(editor: Editor) -> bool:
    """Whether the project's tracker can be told what the object is called."""
    spec = tracker_specs().get(editor.project.settings.tracker)
    return spec is not None and "text" in spec.accepts


understands_text = AllOf(clip_ready, reads_text)
"""Whether a clip is there and its tracker can be told what the object is called."""


def busy(editor: Editor) -> bool:
    """Whether there is anything to cancel."""
    drawing = bool(editor.objects.drawing)
    return drawing or editor.transport.playing or editor.jobs.foremost is not None


def tracking(editor: Editor) -> bool:
    """Whether a track runs or is paused."""
    return editor.engine.tracking


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


def has_unlocked(editor: Editor) -> bool:
    """Whether an object is active and may be changed."""
    return editor.active is not None and not editor.active.locked


def active_locked(editor: Editor) -> bool:
    """Whether the active object is locked."""
    return editor.active is not None and editor.active.locked


def active_soloed(editor: Editor) -> bool:
    """Whether the active object is shown alone."""
    return editor.view.active in editor.objects.soloed


def can_raise(editor: Editor) -> bool:
    """Whether the active object has another above it in the list."""
    return editor.active is not None and editor.active != editor.project.objects[0]


def can_lower(editor: Editor) -> bool:
    """Whether the active object has another below it in the list."""
    return editor.active is not None and editor.active != editor.project.objects[-1]


def shares_alpha(editor: Editor) -> bool:
    """Whether the sum of the objects' mattes is held to 1."""
    return editor.project.share_alpha


def has_keys(editor: Editor) -> bool:
    """Whether the active object's finishing has keyframes."""
    return editor.active is not None and bool(editor.active.finishing.key_frames)


def auto_keys(editor: Editor) -> bool:
    """Whether an edit of a parameter sets its first keyframe."""
    return editor.objects.auto_key


def can_close_shape(editor: Editor) -> bool:
    """Whether a shape is being drawn and has points enough."""
    return len(editor.objects.drawing) >= LEAST_POINTS


def no_export_runs(editor: Editor) -> bool:
    """Whether the export lane is free for another export."""
    return not editor.exports.running


can_export = AllOf(has_clip, any_prompts, no_export_runs)
"""Whether an export could be started; what is tracked can be written without the clip."""


def has_file(editor: Editor) -> bool:
    """Whether the document has a file."""
    return editor.files.path is not None


def clip_is_missing(editor: Editor) -> bool:
    """Whether the document's clip cannot be shown."""
    return editor.document.clip_missing


def nothing_collected(editor: Editor) -> bool:
    """Whether no project is being collected now."""
    return not editor.collects.running


can_collect = AllOf(clip_ready, nothing_collected)
"""Whether the project could be collected: its clip is there to be copied."""


def reads_masks(editor: Editor) -> bool:
    """Whether the project's tracker can be given masks."""
    spec = tracker_specs().get(editor.project.settings.tracker)
    return spec is not None and "mask" in spec.accepts


understands_masks = AllOf(clip_ready, reads_masks)
"""Whether a clip is there and its tracker can be given masks."""


def follows(editor: Editor) -> bool:
    """Whether the playhead goes along with a track."""
    return editor.follow


def has_range(editor: Editor) -> bool:
    """Whether in or out is set."""
    return editor.project.work_range is not None


def exists(number: int) -> Test:
    """For commands that need so many objects."""
    test = partial(_exists, number)
    REASONS[test] = QT_TRANSLATE_NOOP("Commands", "There are fewer objects; add one (Ctrl+N).")
    return test


def _exists(number: int, editor: Editor) -> bool:
    return number < len(editor.project.objects)


REASONS.update(
    {
        wiping: QT_TRANSLATE_NOOP("Commands", "Begin a wipe first (View, Compare, Wipe)."),
        clip_is_there: QT_TRANSLATE_NOOP(
            "Commands", "The clip is missing; find it first (File, Find the missing clip)."
        ),
        active_prompted: QT_TRANSLATE_NOOP(
            "Commands", "Prompt the object first: click it; if it is locked, unlock it."
        ),
        any_prompted: QT_TRANSLATE_NOOP("Commands", "Prompt an object first: click it."),
        has_span: QT_TRANSLATE_NOOP(
            "Commands", "Select frames first: drag in the timeline with Shift."
        ),
        tracking: QT_TRANSLATE_NOOP("Commands", "No track runs; start one (Ctrl+T)."),
        any_versions: QT_TRANSLATE_NOOP(
            "Commands", "There is no earlier version yet; each track keeps one."
        ),
        brushing: QT_TRANSLATE_NOOP("Commands", "Choose a brush first (D, E or R)."),
        has_file: QT_TRANSLATE_NOOP("Commands", "Save the project first (Ctrl+S)."),
        clip_is_missing: QT_TRANSLATE_NOOP("Commands", "The clip is not missing."),
        nothing_collected: QT_TRANSLATE_NOOP(
            "Commands", "Wait until the project is collected, or cancel it (Esc)."
        ),
        reads_masks: QT_TRANSLATE_NOOP(
            "Commands", "Choose a tracker that can be given masks (Models panel)."
        ),
        has_stale: QT_TRANSLATE_NOOP(
            "Commands", "No frame is stale; what has prompts is up to date."
        ),
        any_prompts: QT_TRANSLATE_NOOP("Commands", "Prompt an object first: click it."),
        no_export_runs: QT_TRANSLATE_NOOP(
            "Commands", "Wait until the running export has ended, or cancel it (Esc)."
        ),
        can_delete: QT_TRANSLATE_NOOP(
            "Commands", "The active object has no prompt on this frame; go to one that has."
        ),
        reads_text: QT_TRANSLATE_NOOP(
            "Commands", "Choose a tracker that reads text, such as SAM 3."
        ),
        has_active: QT_TRANSLATE_NOOP("Commands", "Add an object first: click it in the clip."),
        has_unlocked: QT_TRANSLATE_NOOP(
            "Commands", "Add an object first; if it is locked, unlock it (Object menu)."
        ),
        has_keys: QT_TRANSLATE_NOOP(
            "Commands", "Set a keyframe first: click a diamond in the Matte panel."
        ),
        can_close_shape: QT_TRANSLATE_NOOP(
            "Commands", "Draw a shape of three points first (garbage G, holdout Ctrl+G)."
        ),
        can_raise: QT_TRANSLATE_NOOP("Commands", "The object is at the top already."),
        can_lower: QT_TRANSLATE_NOOP("Commands", "The object is at the bottom already."),
        any_doubtful: QT_TRANSLATE_NOOP(
            "Commands", "The tracker doubts no frame of the active object."
        ),
        has_range: QT_TRANSLATE_NOOP("Commands", "Set in or out first."),
        can_undo: QT_TRANSLATE_NOOP("Commands", "There is nothing to undo."),
        can_redo: QT_TRANSLATE_NOOP("Commands", "There is nothing to redo."),
        busy: QT_TRANSLATE_NOOP("Commands", "Nothing runs that could be cancelled."),
    }
)
