"""The published layout, against numbers computed elsewhere from the same drawn weights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.models.heads.sam2matting.drawn import features, noise
from tests.tables import table

pytestmark = pytest.mark.slow

EXPECTED = Path(__file__).parents[4] / "data" / "sam2matting_parity.json"


@pytest.fixture(scope="module")
def output(heads):
    levels = features(1, (256, 256), (128, 128), (64, 64))
    return heads(levels, noise("mask", 1, 1, 256, 256) > 0, noise("image", 1, 3, 1024, 1024))


@table("name", ["roi_logits", "alpha"])
def test_the_published_outputs_are_reproduced(output, name) -> None:
    plane = getattr(output, name)[0, 0]
    expected = json.loads(EXPECTED.read_text())[name]
    found = [plane[row, column].item() for row, column, _ in expected]
    assert len(found) == 64
    assert found == pytest.approx([value for *_, value in expected], abs=1e-4)


def test_the_outputs_have_the_published_sizes(output) -> None:
    assert output.roi_logits.shape == output.trimap.shape == (1, 1, 256, 256)
    assert [alpha.shape[2:] for alpha in output.alphas] == [(128, 128), (256, 256), (512, 512)]
    assert output.alpha is output.alphas[2]
