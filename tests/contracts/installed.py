"""Which models the contract tests run over: shipped ones, and the user's where they are named."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

import pytest

from matting_core.models.heads.base import HeadSpec
from matting_core.models.trackers.base import TrackerSpec
from matting_core.models.weights import find, is_installed

_VARIABLE = "WISP_TEST_MODELS"


def parameters(specs: Iterable[TrackerSpec | HeadSpec]) -> list[object]:
    """A parameter for each model that ships; for added ones too if `WISP_TEST_MODELS` is set."""
    return [
        pytest.param(spec.id, marks=[pytest.mark.weights] if spec.weights else [])
        for spec in specs
        if _VARIABLE in os.environ or all(find(each).shipped for each in spec.weights)
    ]


def use_models_of_the_machine(patch: pytest.MonkeyPatch) -> None:
    """Added models are tested where `WISP_TEST_MODELS` names a folder of them."""
    if folder := os.environ.get(_VARIABLE):
        patch.setenv("WISP_MODELS", folder)


def skip_without(weights: Sequence[str]) -> None:
    """Skip the test that asks unless all of these weights are installed."""
    missing = [each for each in weights if not is_installed(each)]
    if missing:
        pytest.skip(f"{', '.join(missing)}: not in the folder that {_VARIABLE} names")
