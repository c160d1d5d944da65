"""Contract tests of models that the user brings run where those are installed."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

from matting_core.weights import is_installed


def use_models_of_the_machine(patch: pytest.MonkeyPatch) -> None:
    """Added models are tested where `WISP_TEST_MODELS` names a folder of them."""
    if folder := os.environ.get("WISP_TEST_MODELS"):
        patch.setenv("WISP_MODELS", folder)


def skip_without(weights: Sequence[str]) -> None:
    """Skip the test that asks unless all of these weights are installed."""
    missing = [each for each in weights if not is_installed(each)]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)} (WISP_TEST_MODELS names their folder)")
