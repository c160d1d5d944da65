"""The change that names an object by text."""

from __future__ import annotations

from app.canvas.tools.gestures import ToolContext, add_prompt
from app.model.change import Change
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document.prompts import TextPrompt


def text_change(context: ToolContext, text: str) -> Change:
    """The change that names the object on the frame; an earlier name there goes."""
    prompt = TextPrompt(context.frame, text.strip())
    edit = add_prompt(context, prompt)
    return Change(QT_TRANSLATE_NOOP("Commands", "Add text"), edit, select=prompt)
