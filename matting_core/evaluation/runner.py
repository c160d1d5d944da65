"""Evaluation of matched folders, frame by frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matting_core.evaluation.folders import FramePair, read_alphas, read_band
from matting_core.jobs import Pace, Progress
from matting_core.metrics.names import Metric, MetricValues
from matting_core.metrics.video import InstanceMeter, VideoMeter, mean_of


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Evaluation of matched folders.

    Attributes:
        mean: over all frames of all objects; IMQ is pooled over the frames.
        objects: means by folder ("" for files at the top), without IMQ.
        frames: values by `FramePair.name`, in the pairs' order. IMQ belongs to a whole frame and
            stands with every object on it.
    """

    mean: MetricValues
    objects: Mapping[str, MetricValues]
    frames: Mapping[str, MetricValues]

    def as_json(self) -> dict[str, Any]:
        """Return `{"mean": {...}, "frames": {...}}`; null where nothing could be measured."""
        return {
            "mean": dict(self.mean),
            "frames": {name: dict(row) for name, row in self.frames.items()},
        }


def evaluate(
    pairs: Sequence[FramePair],
    metrics: Sequence[Metric],
    show: Callable[[Progress], None] = lambda _: None,
) -> Evaluation:
    """Measure all pairs; each subfolder counts as a video of its own.

    For IMQ, files of one name in folders side by side are the objects of one frame.

    Args:
        pairs: from `match_folders`.
        metrics: what to measure.
        show: told the progress after every file.

    Raises:
        InputError: IMQ is asked for and the objects of a frame have several sizes.
        MediaError: a file is gone or damaged.
    """
    alone = [metric for metric in metrics if metric is not Metric.IMQ]
    meters = {pair.folder: VideoMeter(alone) for pair in pairs}
    instances = InstanceMeter() if Metric.IMQ in metrics else None
    pace = Pace("Comparing", len(pairs))
    rows: dict[str, MetricValues] = {}
    for frame, group in _group_by_frame(pairs, together=instances is not None).items():
        alphas = []
        for pair in group:
            pred, truth = read_alphas(pair)
            rows[pair.name] = meters[pair.folder].update(pair.stem, pred, truth, read_band(pair))
            if instances is not None:
                alphas.append((pred, truth))
            show(pace.advance())
        if instances is not None:
            shared = instances.update(frame, [p for p, _ in alphas], [t for _, t in alphas])
            rows.update({pair.name: {**rows[pair.name], **shared} for pair in group})
    pooled = {} if instances is None else instances.compute().mean
    return Evaluation(
        {**mean_of(rows.values()), **pooled},
        {folder: meter.compute().mean for folder, meter in meters.items()},
        {pair.name: rows[pair.name] for pair in pairs},
    )


def _group_by_frame(pairs: Iterable[FramePair], *, together: bool) -> dict[str, list[FramePair]]:
    """Group the objects of each frame, or leave every file by itself."""
    groups: dict[str, list[FramePair]] = {}
    for pair in pairs:
        clip = pair.folder.rpartition("/")[0]
        groups.setdefault(f"{clip}/{pair.stem}" if together else pair.name, []).append(pair)
    return groups
