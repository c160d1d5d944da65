"""The commands of the View menu."""

from __future__ import annotations

from collections.abc import Iterator

from app.features.review.backdrop_commands import BACKDROPS
from app.features.review.comparisons import COMPARISONS
from app.features.review.levels import LEVELS
from app.features.review.overlays import OVERLAYS
from app.model.view import ViewMode
from app.shell.commands import Command, has_clip
from app.shell.words import QT_TRANSLATE_NOOP


def _view(mode: ViewMode, text: str, key: str) -> Command:
    return Command(
        f"view.{mode.value}",
        text,
        (key,),
        lambda s: s.editor.view.set_mode(mode),
        enabled_when=has_clip,
        checked_when=lambda editor: editor.view.mode is mode,
    )


def _views() -> Iterator[Command]:
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
        lambda s: s.editor.view.toggle_mode(ViewMode.ALPHA, ViewMode.OVERLAY),
        enabled_when=has_clip,
        separated=True,
    )
    yield Command(
        "view.toggle_overlay",
        QT_TRANSLATE_NOOP("Commands", "Overlay on and off"),
        ("M",),
        lambda s: s.editor.view.toggle_mode(ViewMode.OVERLAY, ViewMode.SOURCE),
        enabled_when=has_clip,
    )


_ZOOM = (
    Command(
        "view.fit",
        QT_TRANSLATE_NOOP("Commands", "Fit to window"),
        ("F", "Ctrl+0"),
        lambda s: s.fit(),
        enabled_when=has_clip,
        icon="frame-corners",
        separated=True,
    ),
    Command(
        "view.actual",
        QT_TRANSLATE_NOOP("Commands", "Actual pixels"),
        ("Ctrl+1",),
        lambda s: s.zoom_to(1.0),
        enabled_when=has_clip,
    ),
    Command(
        "view.zoom_in",
        QT_TRANSLATE_NOOP("Commands", "Zoom in"),
        ("Ctrl++", "Ctrl+="),
        lambda s: s.zoom_by(1.25),
        enabled_when=has_clip,
    ),
    Command(
        "view.zoom_out",
        QT_TRANSLATE_NOOP("Commands", "Zoom out"),
        ("Ctrl+-",),
        lambda s: s.zoom_by(0.8),
        enabled_when=has_clip,
    ),
)

VIEW = (*_views(), *OVERLAYS, *BACKDROPS, *LEVELS, *COMPARISONS, *_ZOOM)
