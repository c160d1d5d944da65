from __future__ import annotations

import numpy as np
import pytest

from matting_core.errors import InputError
from matting_core.metrics.names import Metric
from matting_core.metrics.video import InstanceMeter, VideoMeter
from tests.core.metrics.strategies import blobs

ALL = [metric for metric in Metric if metric is not Metric.IMQ]
PREDS = [blobs(seed, (20, 30)) for seed in range(5)]
TRUTHS = [blobs(seed, (20, 30)) for seed in range(10, 15)]
BANDS = [blobs(seed, (20, 30)) > 0.5 for seed in range(20, 25)]


def _measured(metrics=ALL, bands=None) -> VideoMeter:
    meter = VideoMeter(metrics)
    for k, (pred, truth) in enumerate(zip(PREDS, TRUTHS, strict=True)):
        meter.update(f"{k}", pred, truth, bands[k] if bands else None)
    return meter


def test_streaming_equals_the_whole_video_at_once() -> None:
    p, t, b = (np.stack(each).astype(np.float64) for each in (PREDS, TRUTHS, BANDS))
    b = b > 0
    mean = _measured(bands=BANDS).compute().mean
    assert mean["mad"] == pytest.approx(1000 * np.abs(p - t).mean())
    assert mean["mse"] == pytest.approx(1000 * ((p - t) ** 2).mean())
    assert mean["sad"] == pytest.approx(np.abs(p - t).sum() / 5 / 1000)
    inside = (np.abs(p - t) * b).sum((1, 2)) / b.sum((1, 2))
    assert mean["mad_band"] == pytest.approx(1000 * inside.mean())
    change = np.diff(p, axis=0) - np.diff(t, axis=0)
    assert mean["dtssd"] == pytest.approx(100 * np.sqrt((change**2).mean((1, 2))).mean())
    in_band = (change**2 * b[1:]).sum((1, 2)) / b[1:].sum((1, 2))
    assert mean["dtssd_band"] == pytest.approx(100 * np.sqrt(in_band).mean())
    overlaps = ((p > 0.5) & (t > 0.5)).sum((1, 2)) / ((p > 0.5) | (t > 0.5)).sum((1, 2))
    assert mean["j"] == mean["iou"] == pytest.approx(overlaps.mean())


def test_means_are_those_of_the_frames() -> None:
    scores = _measured(bands=BANDS).compute()
    assert list(scores.frames) == ["0", "1", "2", "3", "4"]
    for name, mean in scores.mean.items():
        values = [row[name] for row in scores.frames.values() if row[name] is not None]
        assert mean == pytest.approx(np.mean(values))
        assert len(values) == (4 if name.startswith("dtssd") else 5)


def test_update_returns_the_row_that_compute_holds() -> None:
    meter = VideoMeter([Metric.MAD])
    row = meter.update("a", PREDS[0], TRUTHS[0])
    assert meter.compute().frames == {"a": row}
    assert list(row) == ["mad"]


def test_one_frame_has_no_dtssd() -> None:
    meter = VideoMeter([Metric.DTSSD, Metric.MAD])
    meter.update("a", PREDS[0], PREDS[0])
    assert meter.compute().mean == {"dtssd": None, "mad": 0}


def test_no_frames_have_no_means() -> None:
    assert VideoMeter(ALL).compute().mean == {}


def test_an_empty_band_is_left_out_of_the_mean() -> None:
    meter = VideoMeter([Metric.SAD, Metric.CONN])
    meter.update("a", PREDS[0], TRUTHS[0], np.zeros_like(BANDS[0]))
    row = meter.update("b", PREDS[1], TRUTHS[1], BANDS[1])
    scores = meter.compute()
    assert scores.frames["a"]["sad_band"] is None
    assert scores.mean["sad_band"] == row["sad_band"]
    assert scores.mean["conn_band"] == row["conn_band"]


def test_pictures_may_be_reused_by_the_caller() -> None:
    pred, truth = PREDS[0].copy(), TRUTHS[0].copy()
    meter = VideoMeter([Metric.DTSSD])
    meter.update("a", pred, truth)
    pred[:], truth[:] = PREDS[1], TRUTHS[1]
    row = meter.update("b", pred, truth)
    assert row == _measured([Metric.DTSSD]).compute().frames["1"]


def test_misuse_is_refused() -> None:
    with pytest.raises(InputError, match="InstanceMeter"):
        VideoMeter([Metric.IMQ])
    meter = VideoMeter([Metric.MAD])
    meter.update("a", PREDS[0], TRUTHS[0])
    with pytest.raises(InputError, match="measured before"):
        meter.update("a", PREDS[0], TRUTHS[0])
    with pytest.raises(InputError, match="one size"):
        meter.update("b", PREDS[0], TRUTHS[0][:5])


def test_imq_is_pooled_over_frames() -> None:
    one, two = np.zeros((4, 8), np.float32), np.zeros((4, 8), np.float32)
    one[:, :2], two[:, 4:] = 1, 1
    meter = InstanceMeter()
    assert meter.update("a", [one, two], [two, one])["imq_mad"] == 100
    assert meter.update("b", [one], [two])["imq_mad"] == 0
    assert meter.update("c", [], [])["imq_mad"] is None
    scores = meter.compute()
    assert scores.mean == dict.fromkeys(Metric.IMQ.values, pytest.approx(200 / 3))
    assert list(scores.frames) == ["a", "b", "c"]
