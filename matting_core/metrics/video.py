"""Meters of a video: one frame in, its values out, and means at the end.

A mean is that of the frames' values, as papers print them, over the frames that have one; IMQ's is
pooled over all frames, as its definition asks for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from matting_core.errors import InputError
from matting_core.metrics.alpha import (
    absolute_error,
    mad_compute,
    mse_compute,
    sad_compute,
    squared_error,
)
from matting_core.metrics.connectivity import conn_compute, connectivity_error
from matting_core.metrics.gradient import grad_compute, gradient_error
from matting_core.metrics.imq import ImqState, imq_compute, imq_update
from matting_core.metrics.names import BAND_SUFFIX, Metric, MetricValues
from matting_core.metrics.regions import f_compute, f_update, j_compute, j_update, threshold_alpha
from matting_core.metrics.tally import Alpha, ErrorMap, Mask, Tally, check_same_size, tally
from matting_core.metrics.temporal import AlphaPair, dtssd_compute, temporal_error

_Scorer = Callable[[Mask | None], float]


@dataclass(frozen=True, slots=True)
class VideoScores:
    """Scores of a video.

    Attributes:
        mean: values over the whole video.
        frames: values by frame, in the order in which frames came.
    """

    mean: MetricValues
    frames: Mapping[str, MetricValues]


@dataclass(frozen=True, slots=True)
class _MapMeasure:
    """Measure that adds up a map of errors."""

    errors: Callable[[Alpha, Alpha], ErrorMap]
    compute: Callable[[Tally], float]


_MAP_MEASURES = {
    Metric.MAD: _MapMeasure(absolute_error, mad_compute),
    Metric.MSE: _MapMeasure(squared_error, mse_compute),
    Metric.SAD: _MapMeasure(absolute_error, sad_compute),
    Metric.GRAD: _MapMeasure(gradient_error, grad_compute),
    Metric.CONN: _MapMeasure(connectivity_error, conn_compute),
}


class VideoMeter:
    """Meter of one object's mattes, frame by frame; of the pictures only the last frame is kept.

    dtSSD of the first frame is None: it takes two. Values inside the band end in `_band`; they are
    None where the band is empty.
    """

    def __init__(self, metrics: Sequence[Metric]) -> None:
        """Take the measures to make.

        Raises:
            InputError: IMQ is among them, which is about sets of mattes (see `InstanceMeter`).
        """
        if Metric.IMQ in metrics:
            raise InputError("IMQ compares sets of mattes; measure it with an InstanceMeter.")
        self._metrics = tuple(metrics)
        self._before: AlphaPair | None = None
        self._frames: dict[str, MetricValues] = {}

    def update(
        self, frame: str, pred: Alpha, truth: Alpha, band: Mask | None = None
    ) -> MetricValues:
        """Measure the next frame and return its values.

        Args:
            frame: its name, new to this meter.
            pred: (H, W) in [0, 1].
            truth: (H, W) in [0, 1].
            band: (H, W) bool, where the `_band` values count.

        Raises:
            InputError: sizes differ, or the frame was measured before.
        """
        if frame in self._frames:
            raise InputError(f"Frame {frame} was measured before; name every frame once.")
        check_same_size(pred, truth)
        now, before = AlphaPair(pred, truth), self._before
        bands = [None] if band is None else [None, band]
        row: dict[str, float | None] = {}
        for metric in self._metrics:
            for where, value in zip(bands, _measure(metric, before, now, bands), strict=True):
                row[metric if where is None else metric + BAND_SUFFIX] = value
        if Metric.DTSSD in self._metrics:
            self._before = AlphaPair(pred.copy(), truth.copy())
        self._frames[frame] = row
        return row

    def compute(self) -> VideoScores:
        """Return the values of all frames so far and their means."""
        return VideoScores(mean_of(self._frames.values()), dict(self._frames))


class InstanceMeter:
    """Meter of IMQ over frames with several mattes each; no picture is kept."""

    def __init__(self) -> None:
        self._state = ImqState()
        self._frames: dict[str, MetricValues] = {}

    def update(self, frame: str, preds: Sequence[Alpha], truths: Sequence[Alpha]) -> MetricValues:
        """Measure a frame and return its values.

        Args:
            frame: its name.
            preds: (H, W) mattes in [0, 1], in any order.
            truths: (H, W) mattes in [0, 1], in any order.

        Raises:
            InputError: sizes differ.
        """
        state = imq_update(preds, truths)
        self._state += state
        self._frames[frame] = _imq_row(state)
        return self._frames[frame]

    def compute(self) -> VideoScores:
        """Return the values of all frames so far, and those of all frames together."""
        return VideoScores(_imq_row(self._state), dict(self._frames))


def mean_of(rows: Iterable[MetricValues]) -> MetricValues:
    """Return the mean of each value over the rows that have it; None if none has.

    >>> mean_of([{"mad": 1.0, "dtssd": None}, {"mad": 3.0, "dtssd": 5.0}])
    {'mad': 2.0, 'dtssd': 5.0}
    """
    columns: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.items():
            columns.setdefault(name, []).extend([] if value is None else [value])
    return {
        name: math.fsum(values) / len(values) if values else None
        for name, values in columns.items()
    }


def _measure(
    metric: Metric, before: AlphaPair | None, now: AlphaPair, bands: Sequence[Mask | None]
) -> list[float | None]:
    """Return a measure over the whole picture (None) or inside each band."""
    score = _make_scorer(metric, before, now)
    return [
        None if score is None or (band is not None and not band.any()) else score(band)
        for band in bands
    ]


def _make_scorer(metric: Metric, before: AlphaPair | None, now: AlphaPair) -> _Scorer | None:
    """Compute what all bands share, and return a scorer of one; None for dtSSD's first frame."""
    if metric is Metric.DTSSD:
        if before is None:
            return None
        return _make_map_scorer(temporal_error(before, now), dtssd_compute)
    if metric is Metric.F:
        return lambda band: f_compute(
            f_update(threshold_alpha(now.pred), threshold_alpha(now.truth), band)
        )
    if metric in (Metric.J, Metric.IOU):
        return lambda band: j_compute(
            j_update(threshold_alpha(now.pred), threshold_alpha(now.truth), band)
        )
    measure = _MAP_MEASURES[metric]
    return _make_map_scorer(measure.errors(*now), measure.compute)


def _make_map_scorer(errors: ErrorMap, compute: Callable[[Tally], float]) -> _Scorer:
    return lambda band: compute(tally(errors, band))


def _imq_row(state: ImqState) -> MetricValues:
    values = imq_compute(state) or (None,) * 4
    return dict(zip(Metric.IMQ.values, values, strict=True))
