"""The commands of View > Compare, but for those that move the line of a wipe."""

from __future__ import annotations

from dataclasses import replace

from app.model.look import Against, Comparison
from app.shell.commands import Command
from app.shell.conditions import Condition, HasModel, Topic, any_versions, has_clip
from app.shell.words import QT_TRANSLATE_NOOP

SUBMENU = QT_TRANSLATE_NOOP("Commands", "Co&mpare")


def compare(owner: HasModel, comparison: Comparison) -> None:
    """Begin a comparison, or end it."""
    view = owner.model.view
    view.set_look(view.look.compared(comparison))


def compare_with(owner: HasModel, against: Against) -> None:
    """Choose what to compare with; a wipe begins if nothing is compared yet."""
    view = owner.model.view
    how = view.look.comparison or Comparison.WIPE
    view.set_look(replace(view.look, comparison=how, against=against))


def _how(comparison: Comparison, text: str, key: str) -> Command[HasModel]:
    def on(owner: HasModel) -> bool:
        return owner.model.view.look.comparison is comparison

    return Command(
        f"view.compare_{comparison.value}",
        text,
        (key,),
        lambda owner: compare(owner, comparison),
        enabled_when=has_clip,
        checked_when=Condition(on, Topic.VIEW),
        submenu=SUBMENU,
    )


def _with(
    against: Against, text: str, key: str, test: Condition[HasModel], *, separated: bool
) -> Command[HasModel]:
    def on(owner: HasModel) -> bool:
        look = owner.model.view.look
        return look.comparison is not None and look.against is against and test(owner)

    return Command(
        f"view.compare_{against.value}",
        text,
        (key,),
        lambda owner: compare_with(owner, against),
        enabled_when=test,
        checked_when=Condition(on, Topic.VIEW | test.topics),
        separated=separated,
        submenu=SUBMENU,
    )


COMPARISONS: tuple[Command[HasModel], ...] = (
    _how(Comparison.WIPE, QT_TRANSLATE_NOOP("Commands", "Wipe"), "W"),
    _how(Comparison.BESIDE, QT_TRANSLATE_NOOP("Commands", "Side by side"), "Shift+W"),
    _with(
        Against.SOURCE,
        QT_TRANSLATE_NOOP("Commands", "Compare with the source"),
        "Alt+1",
        has_clip,
        separated=True,
    ),
    _with(
        Against.EARLIER,
        QT_TRANSLATE_NOOP("Commands", "Compare with the earlier version"),
        "Alt+2",
        any_versions,
        separated=False,
    ),
)
