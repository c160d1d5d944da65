"""The commands of the View menu that draw something over the picture."""

from __future__ import annotations

from app.model.look import Overlay
from app.shell.commands import Command
from app.shell.conditions import Condition, HasModel, Topic, condition, has_clip
from app.shell.words import QT_TRANSLATE_NOOP


def _overlay(
    overlay: Overlay, text: str, key: str, *, separated: bool = False
) -> Command[HasModel]:
    def toggle(owner: HasModel) -> None:
        owner.model.view.set_look(owner.model.view.look.toggled(overlay))

    def on(owner: HasModel) -> bool:
        return overlay in owner.model.view.look.overlays

    return Command(
        f"view.over_{overlay.value}",
        text,
        (key,),
        toggle,
        enabled_when=has_clip,
        checked_when=Condition(on, Topic.VIEW),
        separated=separated,
    )


@condition(Topic.VIEW)
def shows_prompts(owner: HasModel) -> bool:
    """Whether prompts are marked on the picture."""
    return owner.model.view.prompts


OVERLAYS: tuple[Command[HasModel], ...] = (
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
        lambda owner: owner.model.view.set_prompts(not owner.model.view.prompts),
        enabled_when=has_clip,
        checked_when=shows_prompts,
    ),
)
