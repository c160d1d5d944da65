"""The commands that choose a view, and what lies over it."""

from __future__ import annotations

from collections.abc import Iterator

from app.features.review.overlays import OVERLAYS
from app.model.view import ViewMode
from app.shell.commands import Command
from app.shell.conditions import Condition, HasModel, Topic, has_clip
from app.shell.words import QT_TRANSLATE_NOOP


def _view(mode: ViewMode, text: str, key: str) -> Command[HasModel]:
    def on(owner: HasModel) -> bool:
        return owner.model.view.mode is mode

    return Command(
        f"view.{mode.value}",
        text,
        (key,),
        lambda owner: owner.model.view.set_mode(mode),
        enabled_when=has_clip,
        checked_when=Condition(on, Topic.VIEW),
    )


def _views() -> Iterator[Command[HasModel]]:
    yield _view(ViewMode.SOURCE, QT_TRANSLATE_NOOP("Commands", "Source"), "F1")
    yield _view(ViewMode.OVERLAY, QT_TRANSLATE_NOOP("Commands", "Overlay"), "F2")
    yield _view(ViewMode.ALPHA, QT_TRANSLATE_NOOP("Commands", "Alpha"), "F3")
    yield _view(ViewMode.ROI, QT_TRANSLATE_NOOP("Commands", "ROI"), "F4")
    yield _view(ViewMode.TRIMAP, QT_TRANSLATE_NOOP("Commands", "Trimap"), "F5")
    yield _view(ViewMode.CHECKER, QT_TRANSLATE_NOOP("Commands", "Checker"), "F6")
    yield _view(ViewMode.BACKDROP, QT_TRANSLATE_NOOP("Commands", "Colour"), "F7")
    yield _view(ViewMode.FOREGROUND, QT_TRANSLATE_NOOP("Commands", "Foreground"), "F8")
    yield _view(ViewMode.DIFFERENCE, QT_TRANSLATE_NOOP("Commands", "Difference"), "F9")
    yield Command(
        "view.toggle_alpha",
        QT_TRANSLATE_NOOP("Commands", "Alpha on and off"),
        ("A",),
        lambda owner: owner.model.view.toggle_mode(ViewMode.ALPHA, ViewMode.OVERLAY),
        enabled_when=has_clip,
        separated=True,
    )
    yield Command(
        "view.toggle_overlay",
        QT_TRANSLATE_NOOP("Commands", "Overlay on and off"),
        ("M",),
        lambda owner: owner.model.view.toggle_mode(ViewMode.OVERLAY, ViewMode.SOURCE),
        enabled_when=has_clip,
    )


VIEW: tuple[Command[HasModel], ...] = (*_views(), *OVERLAYS)
