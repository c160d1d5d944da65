"""Recognition of checkpoints: what one is, and whether all of it is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from torch import Tensor

from matting_core.errors import WeightsError
from matting_core.models.files import tensor_shapes
from matting_core.models.files.sam3_names import is_authors_layout, translate_names
from matting_core.models.files.tensor_shapes import Shapes
from matting_core.models.heads.sam2matting.checkpoint import head_entries

_STEM = "image_encoder.trunk.patch_embed.proj.weight"
_BLOCK = "image_encoder.trunk.blocks."
_HEADS = (
    "unknown_region_predictor.",
    "unknown_fusion.",
    "unknown_alpha_predictor.",
    "alpha_pred1.",
    "alpha_pred2.",
    "alpha_pred3.",
)
_OTHER_SAM3 = ("vision_backbone.", "language_backbone.")
_SAM3_TRUNK = (1024, 32)
"""Channels and blocks of SAM 3's image encoder, whatever its layout calls it."""
_NEW_IN_SAM21 = {"no_obj_embed_spatial", "obj_ptr_tpos_proj.weight", "obj_ptr_tpos_proj.bias"}
_SAM2MATTING_SIZES = ("tiny", "base-plus")


@dataclass(frozen=True, slots=True)
class RecognisedCheckpoint:
    """Checkpoint that was recognised and is whole.

    Attributes:
        title: what it is, for the user.
        parts: tensors by their official names, by the id of the weights that they are.
    """

    title: str
    parts: Mapping[str, Mapping[str, Tensor]]


def recognise(checkpoint: Mapping[str, Tensor]) -> RecognisedCheckpoint:
    """Tell a SAM 2.1, SAM 3 or SAM2Matting checkpoint by its names and shapes; check it whole.

    A prefix that all names share, as `module.`, is taken off. In a SAM2Matting checkpoint modules
    that neither the tracker nor the heads know are passed over: the published files are larger
    than both together.

    Raises:
        WeightsError: it is another network, something is missing, too many or of another shape, or
            what the network would take are no numbers to compute with.
    """
    found = _identify(checkpoint)
    for part in found.parts.values():
        tensor_shapes.check_values(part)
    return found


def _identify(checkpoint: Mapping[str, Tensor]) -> RecognisedCheckpoint:
    with_heads = any(_is_of_heads(name) for name in checkpoint)
    if with_heads and is_authors_layout(name for name in checkpoint if not _is_of_heads(name)):
        return _split_sam3(checkpoint)
    if with_heads:
        _check_tracker(checkpoint)
    if is_sam3(checkpoint):
        return RecognisedCheckpoint("SAM 3", {"sam3": extract_sam3(checkpoint)})
    if any(part in name for name in checkpoint for part in _OTHER_SAM3):
        raise WeightsError(
            "This is a SAM 3 checkpoint in a layout that Wisp does not support; use "
            "model.safetensors of huggingface.co/facebook/sam3, or SAM 2.1."
        )
    prefix = _prefix(checkpoint)
    tracker = {
        name.removeprefix(prefix): value
        for name, value in checkpoint.items()
        if name.startswith(prefix) and not _is_of_heads(name)
    }
    size = _size(tracker)
    expected = tensor_shapes.sam21_shapes(size)
    if not with_heads and expected.keys() - tracker.keys() == _NEW_IN_SAM21:
        raise WeightsError(
            f"This is SAM 2.0 {size}, which Wisp does not use; get the file of SAM 2.1 {size} "
            f"(`wisp models download sam2.1-{size}`)."
        )
    if not with_heads:
        return RecognisedCheckpoint(
            f"SAM 2.1 {size}", {f"sam2.1-{size}": _check_whole(tracker, expected)}
        )
    if size not in _SAM2MATTING_SIZES:
        raise WeightsError(f"There is no SAM2Matting for SAM 2.1 {size}; get a published file.")
    known = {name: value for name, value in tracker.items() if _module(name) in _modules(expected)}
    heads = head_entries(checkpoint, tensor_shapes.head_shapes())
    parts = {
        f"sam2matting-{size}-tracker": _check_whole(known, expected),
        f"sam2matting-{size}-heads": heads,
    }
    return RecognisedCheckpoint(f"SAM2Matting {size}", parts)


def _split_sam3(checkpoint: Mapping[str, Tensor]) -> RecognisedCheckpoint:
    parts = {
        "sam2matting-sam3-tracker": extract_sam3_tracker(checkpoint),
        "sam2matting-sam3-heads": head_entries(checkpoint, tensor_shapes.head_shapes()),
    }
    return RecognisedCheckpoint("SAM2Matting SAM 3", parts)


def _check_tracker(checkpoint: Mapping[str, Tensor]) -> None:
    """Refuse heads that come without their tracker, or with one that cannot be read."""
    rest = {name: value for name, value in checkpoint.items() if not _is_of_heads(name)}
    if not rest:
        raise WeightsError(
            "This file holds SAM2Matting's heads without their tracker; import the whole published "
            "file."
        )
    if _is_of_sam3(rest):
        raise WeightsError(
            "This is SAM2Matting for SAM 3 in a layout that Wisp does not know; get the published "
            "file, SAM2Matting-SAM3.pt."
        )
    if not any(name.endswith(_STEM) for name in rest):
        raise WeightsError(
            "This is SAM2Matting with a tracker that Wisp does not know (it holds "
            f"'{next(iter(rest))}'); get a published file."
        )


def _is_of_sam3(tracker: Mapping[str, Tensor]) -> bool:
    if any(part in name for name in tracker for part in (*_OTHER_SAM3, *HALVES)):
        return True
    if not any(name.endswith(_STEM) for name in tracker):
        return False
    prefix = _prefix(tracker)
    named = {name.removeprefix(prefix): tuple(value.shape) for name, value in tracker.items()}
    return _trunk(named) == _SAM3_TRUNK


def _is_of_heads(name: str) -> bool:
    return any(name.startswith(group) or f".{group}" in name for group in _HEADS)


def _prefix(names: Iterable[str]) -> str:
    for name in names:
        if name.endswith(_STEM):
            return name.removesuffix(_STEM)
    first = next(iter(names), "nothing")
    raise WeightsError(
        f"This checkpoint is of a network that Wisp does not know (it holds '{first}'); choose a "
        "SAM 2.1, SAM2Matting or SAM 3 file."
    )


def _size(tracker: Mapping[str, Tensor]) -> str:
    """Find the size whose trunk has these many channels and blocks."""
    found = _trunk({name: tuple(value.shape) for name, value in tracker.items()})
    for size in tensor_shapes.SAM21_SIZES:
        if _trunk(tensor_shapes.sam21_shapes(size)) == found:
            return size
    channels, blocks = found
    raise WeightsError(
        f"No SAM 2.1 has a trunk of {channels} channels and {blocks} blocks; choose a SAM 2.1, "
        "SAM2Matting or SAM 3 file."
    )


def _trunk(named: Shapes) -> tuple[int, int]:
    blocks = {name.split(".")[3] for name in named if name.startswith(_BLOCK)}
    return named[_STEM][0], len(blocks)


def _modules(named: Iterable[str]) -> set[str]:
    return {_module(name) for name in named}


def _module(name: str) -> str:
    return name.partition(".")[0]


def _check_whole(found: Mapping[str, Tensor], expected: Shapes) -> Mapping[str, Tensor]:
    tensor_shapes.check_whole(
        found, expected, "SAM 2.1", "get a whole file of SAM 2.1 or SAM2Matting"
    )
    surplus = [name for name in found if name not in expected]
    if surplus:
        raise WeightsError(
            f"The checkpoint has {len(surplus)} keys that SAM 2.1 does not know, first "
            f"'{surplus[0]}'; choose an official file."
        )
    return {name: found[name] for name in expected}


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
    expected = _expect_shapes(text=True)
    found = _with_both_positions(checkpoint)
    tensor_shapes.check_whole(found, expected, "SAM 3", "get a whole model.safetensors of SAM 3")
    return {name: found[name] for name in expected}


def extract_sam3_tracker(checkpoint: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
    """Return what tracking takes of a checkpoint in the authors' layout, by our network's names.

    Raises:
        WeightsError: as for `extract_sam3`.
    """
    expected = _expect_shapes(text=False)
    found = translate_names(checkpoint)
    tensor_shapes.check_whole(
        found, expected, "SAM 3's tracker", "get a whole file of SAM2Matting for SAM 3"
    )
    return {name: found[name].contiguous() for name in expected}


def _expect_shapes(*, text: bool) -> tensor_shapes.Shapes:
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
