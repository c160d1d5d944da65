"""Heads with drawn weights, made once; nothing keeps gradients."""

from __future__ import annotations

import pytest
import torch

from matting_core.models.heads.sam2matting.model import SAM2MattingHeads
from tests.core.models.heads.sam2matting.drawn import drawn_heads


@pytest.fixture(scope="session")
def heads() -> SAM2MattingHeads:
    return drawn_heads()


@pytest.fixture(autouse=True)
def without_gradients():
    with torch.inference_mode():
        yield
