"""Names of the measures, and the headings of their values."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from matting_core.errors import InputError

MetricValues = Mapping[str, float | None]
"""Values by name; None where there was nothing to measure."""

BAND_SUFFIX = "_band"
"""Ends the names of values that count inside the band only."""


class Metric(StrEnum):
    """Measure by name; `IOU` is another name of `J`."""

    MAD = "mad"
    MSE = "mse"
    SAD = "sad"
    GRAD = "grad"
    CONN = "conn"
    DTSSD = "dtssd"
    IOU = "iou"
    J = "j"
    F = "f"
    IMQ = "imq"

    @property
    def values(self) -> tuple[str, ...]:
        """Names of the measure's values."""
        if self is Metric.IMQ:
            return tuple(f"imq_{error}" for error in ("mad", "mse", "grad", "conn"))
        return (self.value,)


DEFAULT_METRICS = (
    *(Metric.MAD, Metric.MSE, Metric.SAD),
    *(Metric.GRAD, Metric.CONN, Metric.DTSSD),
)
"""Default measures."""

_TITLES = {
    "mad": "MAD ×10³",
    "mse": "MSE ×10³",
    "sad": "SAD /10³",
    "grad": "Grad /10³",
    "conn": "Conn /10³",
    "dtssd": "dtSSD ×10²",
    "iou": "IoU",
    "j": "J",
    "f": "F",
    "imq_mad": "IMQ mad ×10²",
    "imq_mse": "IMQ mse ×10²",
    "imq_grad": "IMQ grad ×10²",
    "imq_conn": "IMQ conn ×10²",
}


def parse_metrics(text: str) -> tuple[Metric, ...]:
    """Read names with commas between them; a name given twice counts once.

    Raises:
        InputError: a name is unknown, or there is none.

    >>> [str(metric) for metric in parse_metrics("sad, mad,sad")]
    ['sad', 'mad']
    """
    names = dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip())
    for name in names:
        if name not in list(Metric):
            raise InputError(f"'{name}' is no measure; choose from {', '.join(Metric)}.")
    if not names:
        raise InputError(f"No measure is named; choose from {', '.join(Metric)}.")
    return tuple(Metric(name) for name in names)


def title_of(value: str) -> str:
    """Head a value's column, with its scale.

    >>> title_of("mad_band")
    'MAD ×10³ in band'
    """
    name = value.removesuffix(BAND_SUFFIX)
    return _TITLES[name] + (" in band" if name != value else "")


def more_is_better(value: str) -> bool:
    """Whether a larger value is the better one (regions and IMQ), else a smaller one is."""
    return value.removesuffix(BAND_SUFFIX).startswith(("iou", "j", "f", "imq_"))
