"""What a tool may know, taken from the model."""

from __future__ import annotations

from app.canvas.tools.gestures import ToolContext
from app.model.model import Model
from matting_core.document.project import MatteObject


def tool_context(model: Model, frame: int, obj: MatteObject | None) -> ToolContext | None:
    """Make the context of a frame; None without a clip.

    Args:
        model: the document, and what is selected in it.
        frame: on which the tool works.
        obj: the object that it works on, if there is one.
    """
    clip, view, objects = model.project.clip, model.view, model.objects
    if clip is None:
        return None
    return ToolContext(
        frame,
        clip.size,
        obj,
        brush=view.brush,
        shape=objects.shape,
        point=objects.point,
        selected=view.selected,
    )
