"""Choice among the instances that a text names."""

from __future__ import annotations

from collections.abc import Sequence

from matting_core.models.trackers.sam3.network import Instance
from matting_core.models.trackers.video.protocol import FramePrompt
from matting_core.types import Size


def choose_instance(found: Sequence[Instance], cues: FramePrompt, size: Size) -> Instance:
    """Return the instance with the most foreground points in it, of equal ones the most certain.

    The middle of a box counts as such a point. Background points choose nothing: they take a part
    away from the object, and must not lead to another one.

    Args:
        found: at least one.
        cues: what was said on the frame.
        size: the frame's size.
    """
    places = [xy for xy, label in cues.points if label == 1]
    if cues.box is not None:
        x0, y0, x1, y1 = cues.box
        places.append(((x0 + x1) / 2, (y0 + y1) / 2))
    return max(found, key=lambda each: (_count_hits(each, places, size), each.score))


def _count_hits(instance: Instance, places: Sequence[tuple[float, float]], size: Size) -> int:
    height, width = instance.logits.shape
    cells = (
        (
            min(height - 1, int(y * height / size.height)),
            min(width - 1, int(x * width / size.width)),
        )
        for x, y in places
    )
    return sum(bool(instance.logits[cell] > 0) for cell in cells)
