"""The commands of the View menu that draw something over the picture."""

from __future__ import annotations

from app.editor import Editor
from app.model.look import Overlay
from app.shell.commands import Command, has_clip
from app.shell.words import QT_TRANSLATE_NOOP


def _overlay(overlay: Overlay, text: str, key: str, *, separated: bool = False) -> Command:
    def toggle(editor: Editor) -> None:
        editor.view.set_look(editor.view.look.toggled(overlay))

    return Command(
        f"view.over_{overlay.value}",
        text,
        (key,),
        lambda s: toggle(s.editor),
        enabled_when=has_clip,
        checked_when=lambda editor: overlay in editor.view.look.overlays,
        separated=separated,
    )


OVERLAYS = (
    _overlay(
        Overlay.ONION,
        QT_TRANSLATE_NOOP("Commands", "Onion skin: neighbouring mattes"),
        "Shift+F3",
        separated=True,
    ),
    _overlay(Overlay.ROI, QT_TRANSLATE_NOOP("Commands", "ROI over the picture"), "Shift+F4"),
    _overlay(Overlay.TRIMAP, QT_TRANSLATE_NOOP("Commands", "Trimap over the picture"), "Shift+F5"),
    Command(
        "view.prompts",
        QT_TRANSLATE_NOOP("Commands", "Prompts"),
        ("Shift+P",),
        lambda s: s.editor.view.set_prompts(not s.editor.view.prompts),
        enabled_when=has_clip,
        checked_when=lambda editor: editor.view.prompts,
    ),
)
