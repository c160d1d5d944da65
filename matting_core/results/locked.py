"""Which results must not be lost: those of locked frames and objects (decision 19)."""

from __future__ import annotations

from collections.abc import Iterator

from matting_core.document.project import MatteObject, Project
from matting_core.errors import ModelError
from matting_core.results.recipes import MatteKey, matte_key, segmentation_key
from matting_core.types import FrameRange


def locked_keys(project: Project) -> Iterator[tuple[MatteKey, MatteKey]]:
    """Yield the keys of what is locked: of the matte and of the mask that it is made from.

    What only models make that are not there any more is left out: it has no key.
    """
    for obj in project:
        for span in _locked_spans(project, obj):
            for frame in span:
                try:
                    key = matte_key(project, obj.id, frame)
                    mask_key = segmentation_key(project, obj.id, frame)
                except ModelError:
                    break
                if key is not None and mask_key is not None and key.blank is None:
                    yield key, mask_key


def _locked_spans(project: Project, obj: MatteObject) -> tuple[FrameRange, ...]:
    if project.clip is None:
        return ()
    if obj.locked:
        return (FrameRange(0, project.clip.length),)
    return tuple(held.span for held in obj.locks)
