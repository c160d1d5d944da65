"""Keeps timeline and panels showing what the editor holds, and passes their wishes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Slot

from app.editor import Editor
from app.features.finishing.links import FinishingLinks
from app.features.finishing.panel import FinishingPanel
from app.features.models.choice import ModelChoice
from app.features.models.panel import ModelsPanel
from app.features.objects.links import ObjectLinks
from app.features.objects.panel import ObjectsPanel
from app.features.objects.prompts_panel import PromptsPanel
from app.timeline.widget import Row, Timeline, TimelineContent
from matting_core.document.project import MatteObject


@dataclass(frozen=True, slots=True)
class Panels:
    """The widgets around the canvas."""

    objects: ObjectsPanel
    prompts: PromptsPanel
    models: ModelsPanel
    finishing: FinishingPanel
    timeline: Timeline


class PanelLinks(QObject):
    """Redraws a panel once for any number of changes in one turn of the event loop."""

    def __init__(
        self,
        editor: Editor,
        panels: Panels,
        choice: ModelChoice,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._choice = choice
        self._editor = editor
        self._panels = panels
        self._redraw = QTimer(self, singleShot=True, interval=0)
        self._redraw.timeout.connect(self._on_redraw)
        self._list_prompts = QTimer(self, singleShot=True, interval=0)
        self._list_prompts.timeout.connect(self._on_list_prompts)
        ObjectLinks(editor, panels.objects, self)
        FinishingLinks(editor, panels.finishing, self)
        self._connect()
        self._redraw.start()
        self._list_prompts.start()

    def _connect(self) -> None:
        editor, panels = self._editor, self._panels
        for signal in (editor.document.changed, editor.view.active_changed):
            signal.connect(self._redraw.start)
            signal.connect(self._list_prompts.start)
        editor.coverage.changed.connect(self._on_coverage_changed)
        editor.view.span_changed.connect(self._on_coverage_changed)
        editor.view.selection_changed.connect(self._list_prompts.start)
        editor.view.playhead_moved.connect(self._list_prompts.start)
        editor.view.playhead_moved.connect(panels.timeline.set_frame)
        panels.timeline.sought.connect(editor.playback.seek)
        panels.timeline.object_chosen.connect(editor.view.set_active)
        panels.timeline.span_chosen.connect(editor.view.select_span)
        panels.timeline.thumbnails_wanted.connect(self._on_thumbnails_wanted)
        editor.thumbnails.changed.connect(panels.timeline.update)
        panels.timeline.set_thumbnails(editor.thumbnails.image)
        panels.prompts.chosen.connect(editor.view.select)
        panels.models.settings_wanted.connect(self._choice.want)
        self._choice.settled.connect(self._redraw.start)
        editor.models.changed.connect(self._on_models_changed)
        self._on_models_changed()

    def _row(self, obj: MatteObject) -> Row:
        statuses = self._editor.coverage.statuses(obj.id)
        active = obj.id == self._editor.view.active
        finishing = obj.finishing.key_frames
        return Row(obj.id, obj.name, obj.color, obj.prompt_frames, statuses, active, finishing)

    @Slot()
    def _on_redraw(self) -> None:
        project = self._editor.project
        self._panels.models.show_settings(project.settings)
        self._on_coverage_changed()

    @Slot()
    def _on_coverage_changed(self) -> None:
        project = self._editor.project
        content = TimelineContent()
        if project.clip is not None:
            rows = tuple(self._row(obj) for obj in project)
            clip = project.clip
            selected = self._editor.view.span
            content = TimelineContent(
                clip.length,
                clip.rate,
                project.work_range,
                rows,
                selected,
                clip.size.width / clip.size.height,
            )
        self._panels.timeline.show_content(content)

    @Slot(object)
    def _on_thumbnails_wanted(self, frames: Sequence[int]) -> None:
        ratio = self._panels.timeline.devicePixelRatioF()
        self._editor.thumbnails.want(frames, ratio)

    @Slot()
    def _on_list_prompts(self) -> None:
        view, obj = self._editor.view, self._editor.active
        prompts = obj.prompts_on(view.frame) if obj is not None else ()
        self._panels.prompts.show_prompts(prompts, view.selected)

    @Slot()
    def _on_models_changed(self) -> None:
        self._panels.models.show_models(self._editor.models.rows())
