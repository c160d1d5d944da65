"""What the user looks at about objects: which are soloed, the shape that is selected."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from matting_core.document.project import MatteObject, Project
from matting_core.types import ObjectId


class ObjectView(QObject):
    """State of the view that concerns objects and shapes; never saved or undone."""

    solo_changed = Signal()
    auto_key_changed = Signal()
    shape_changed = Signal()
    """Another shape is selected, or another of its points."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._soloed: frozenset[ObjectId] = frozenset()
        self._auto_key = False
        self._shape: int | None = None
        self._point: int | None = None

    @property
    def soloed(self) -> frozenset[ObjectId]:
        """The objects that are shown alone; empty for all that are visible."""
        return self._soloed

    @property
    def auto_key(self) -> bool:
        """Whether an edit of a parameter sets its first keyframe."""
        return self._auto_key

    @property
    def shape(self) -> int | None:
        """The selected shape of the active object."""
        return self._shape

    @property
    def point(self) -> int | None:
        """The number of the selected shape's point that is selected."""
        return self._point

    def shows(self, obj: MatteObject) -> bool:
        """Whether an object is on screen."""
        return obj.visible and (not self._soloed or obj.id in self._soloed)

    def toggle_solo(self, object_id: ObjectId) -> None:
        """Show an object alone, with others that are, or no longer."""
        self._set_soloed(self._soloed ^ {object_id})

    def set_auto_key(self, on: bool) -> None:
        """Choose whether an edit of a parameter sets its first keyframe."""
        if on != self._auto_key:
            self._auto_key = on
            self.auto_key_changed.emit()

    def select_shape(self, shape_id: int | None, point: int | None = None) -> None:
        """Select a shape of the active object, or none; and one of its points, or none."""
        if (shape_id, point) != (self._shape, self._point):
            self._shape, self._point = shape_id, point
            self.shape_changed.emit()

    def settle(self, project: Project, active: MatteObject | None) -> None:
        """Keep only what the project still has."""
        self._set_soloed(self._soloed & {obj.id for obj in project})
        shapes = active.finishing.shapes if active is not None else ()
        chosen = next((shape for shape in shapes if shape.id == self._shape), None)
        if chosen is None:
            self.select_shape(None)
        elif self._point is not None and self._point >= len(chosen.keys[0].points):
            self.select_shape(self._shape)

    def _set_soloed(self, soloed: frozenset[ObjectId]) -> None:
        if soloed != self._soloed:
            self._soloed = soloed
            self.solo_changed.emit()
