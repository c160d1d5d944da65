"""States of the window that the work seldom comes to, for `tests.tools.screenshots --states`."""

import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.canvas.tools.gestures import ToolContext
from app.features.objects.commands import add_object
from app.features.objects.text_dialog import TextDialog
from app.model.tool_names import ToolName
from app.model.view import ViewMode
from matting_core.document.summary import ProjectSummary
from matting_core.errors import OutOfMemoryError

if TYPE_CHECKING:
    from tests.tools.screenshots import Photographer

OBJECTS = 6


def shoot_states(photographer: "Photographer", clip: Path, scratch: Path) -> None:
    """Take them all; `scratch` is for a copy of the clip, and for projects."""
    copy = Path(shutil.copy(clip, scratch / f"moved{clip.suffix}"))
    photographer.open(copy)
    _many_objects(photographer)
    _matte_views(photographer)
    _messages(photographer)
    _dialogs(photographer, scratch / "states.wisp")
    _missing_clip(photographer, copy, scratch / "states.wisp")


def _many_objects(photographer: "Photographer") -> None:
    editor = photographer.editor
    editor.view.set_tool(ToolName.POINT)
    for number in range(OBJECTS):
        if number:
            add_object(editor)
        photographer.click(0.15 + 0.12 * number, 0.5)
    photographer.shoot("six_objects")


def _matte_views(photographer: "Photographer") -> None:
    editor = photographer.editor
    _show(photographer, ViewMode.ALPHA)
    for command in ("view.gain_up", "view.gain_up", "view.gamma_down"):
        photographer.give(command)
    photographer.shoot("gain_and_gamma")
    for tool in (ToolName.BRUSH, ToolName.REFINE):
        editor.view.set_tool(tool)
        for mode in (ViewMode.ALPHA, ViewMode.TRIMAP):
            _show(photographer, mode)
            photographer.shoot(f"{tool.value}_in_{mode.value}")
    editor.view.set_tool(ToolName.POINT)
    editor.view.set_mode(ViewMode.OVERLAY)


def _show(photographer: "Photographer", mode: ViewMode) -> None:
    photographer.editor.view.set_mode(mode)
    photographer.wait(lambda: photographer.window.stage.picture.request.mode == mode)


def _messages(photographer: "Photographer") -> None:
    editor, messages = photographer.editor, photographer.window.stage.messages
    now = time.time()
    one = ProjectSummary(Path("a.wisp"), now, "bigbuckbunny.mp4", 3, 12, since=now - 900)
    for name, states in (("one", (one,)), ("more", (one, one))):
        editor.recovery.offered.emit(states)
        photographer.shoot(f"recovery_{name}")
        messages.dismiss()
    editor.runner.exhausted.emit(OutOfMemoryError("cuda:0 is out of memory at input 1024.", "cuda"))
    photographer.shoot("memory")
    messages.dismiss()


def _dialogs(photographer: "Photographer", project: Path) -> None:
    window, editor = photographer.window, photographer.editor
    for _ in range(2):
        editor.files.save(project)
        photographer.wait(lambda: not editor.document.modified)
        photographer.click(0.5, 0.7)
    context = ToolContext(editor.view.frame, editor.project.clip.size, editor.active)
    text = TextDialog(context, window)
    text.open()
    _shoot_dialog(photographer, text)
    for command in ("file.import_alpha", "file.revert"):
        photographer.give(command)
        name = {"file.revert": "backups_dialog"}.get(command, "import_alpha_dialog")
        _shoot_dialog(photographer, window.findChild(QWidget, name))
    editor.files.save(project)
    photographer.wait(lambda: not editor.document.modified)


def _shoot_dialog(photographer: "Photographer", dialog: QWidget) -> None:
    photographer.shoot(dialog.objectName(), dialog)
    dialog.close()


def _missing_clip(photographer: "Photographer", clip: Path, project: Path) -> None:
    clip.unlink()
    photographer.editor.files.open(project)
    photographer.wait(photographer.window.stage.missing.isVisible)
    photographer.shoot("missing_clip")
