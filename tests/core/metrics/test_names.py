from __future__ import annotations

import pytest

from matting_core.errors import InputError
from matting_core.metrics.names import (
    BAND_SUFFIX,
    Metric,
    more_is_better,
    parse_metrics,
    title_of,
)
from tests.tables import table


def test_names_are_read() -> None:
    assert parse_metrics(" MAD,f ,mad") == (Metric.MAD, Metric.F)


@table(("text", "part"), [("mad,sda", "'sda'"), (" ,", "No measure")])
def test_other_names_are_refused_with_the_choice(text, part) -> None:
    with pytest.raises(InputError, match=part) as refusal:
        parse_metrics(text)
    assert "dtssd" in str(refusal.value)


def test_every_value_has_a_title_and_a_direction() -> None:
    values = [value for metric in Metric for value in metric.values]
    assert len({title_of(value) for value in values}) == len(values)
    better = {value for value in values if more_is_better(value)}
    assert better == {"iou", "j", "f", *Metric.IMQ.values}
    assert more_is_better("j" + BAND_SUFFIX)
    assert not more_is_better("mad" + BAND_SUFFIX)
