"""Checkpoint of SAM 3 in the layout of `transformers`, and the part that tracking needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from torch import Tensor

from matting_core.errors import WeightsError
from matting_core.models.files import tensor_shapes
from matting_core.models.files.sam3_names import translate_names

HALVES = ("detector_model.", "tracker_model.")
"""Prefixes of the names of the detector and of the tracker."""
_POSITIONS = (
    "tracker_model.shared_image_embedding.positional_embedding",
    "tracker_model.prompt_encoder.shared_embedding.positional_embedding",
)
"""One table in two places; a file may hold it once."""


def is_sam3(names: Iterable[str]) -> bool:
    """Whether these are names of SAM 3's detector and tracker."""
    starts = {half for name in names for half in HALVES if name.startswith(half)}
    return len(starts) == len(HALVES)


def extract_sam3(checkpoint: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
    """Return what the network takes of a checkpoint, and see that all of it is there.

    Names beside those are passed over: versions of `transformers` differ in which tables of
    positions they write.

    Raises:
        WeightsError: something is missing or of another shape, or the network cannot be built to
            compare with.
    """
    expected = _expected(text=True)
    found = _with_both_positions(checkpoint)
    tensor_shapes.check_whole(found, expected, "SAM 3", "get a whole model.safetensors of SAM 3")
    return {name: found[name] for name in expected}


def extract_sam3_tracker(checkpoint: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
    """Return what tracking takes of a checkpoint in the authors' layout, by our network's names.

    Raises:
        WeightsError: as for `extract_sam3`.
    """
    expected = _expected(text=False)
    found = translate_names(checkpoint)
    tensor_shapes.check_whole(
        found, expected, "SAM 3's tracker", "get a whole file of SAM2Matting for SAM 3"
    )
    return {name: found[name].contiguous() for name in expected}


def _expected(*, text: bool) -> tensor_shapes.Shapes:
    try:
        return tensor_shapes.sam3_shapes(text=text)
    except ImportError as error:
        raise WeightsError(
            "This is SAM 3, whose package is not installed; run "
            "`pip install 'wisp-matting[sam3]'`, then import it again."
        ) from error


def _with_both_positions(checkpoint: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
    there = next((checkpoint[name] for name in _POSITIONS if name in checkpoint), None)
    return checkpoint if there is None else {**dict.fromkeys(_POSITIONS, there), **checkpoint}
