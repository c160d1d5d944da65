"""Shapes of the true networks' tensors by name, built without weights."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import torch

from matting_core.errors import WeightsError
from matting_core.models.meta_device import NumbersOnCpu

Shapes = Mapping[str, tuple[int, ...]]

SAM21_SIZES = ("tiny", "small", "base-plus", "large")
_COUNTER = ".num_batches_tracked"
"""BatchNorm's; the only whole numbers that the networks take, and they count for nothing."""
_CONFIGS = dict(zip(SAM21_SIZES, ("t", "s", "b+", "l"), strict=True))


@cache
def sam21_shapes(size: str) -> Shapes:
    """Shapes of the official SAM 2.1 checkpoint of a size, by name (`sam2`'s own configuration)."""
    from sam2.build_sam import build_sam2

    # Hiera reads drop rates out of it as Python numbers.
    with torch.device("meta"), NumbersOnCpu(torch.linspace):
        model = build_sam2(f"configs/sam2.1/sam2.1_hiera_{_CONFIGS[size]}.yaml", device="meta")
    return {name: tuple(value.shape) for name, value in model.state_dict().items()}


def head_shapes() -> Shapes:
    """Shapes of SAM2Matting's heads in a published checkpoint, by name."""
    from matting_core.models.heads.sam2matting.model import SAM2MattingHeads

    return SAM2MattingHeads.published_shapes()


@cache
def sam3_shapes(*, text: bool = True) -> Shapes:
    """Shapes of SAM 3's checkpoint in the layout of `transformers`, by name (its own defaults).

    Args:
        text: whether with the detector, which finds what a text names.

    Raises:
        ImportError: `transformers` is missing, or too old to know SAM 3.
    """
    from matting_core.models.trackers.sam3.network import build_model

    entries = build_model(text=text).state_dict()
    return {name: tuple(value.shape) for name, value in entries.items()}


def check_whole(found: Mapping[str, torch.Tensor], expected: Shapes, of: str, remedy: str) -> None:
    """Check that a checkpoint has all that a network takes; more than that does not matter.

    Args:
        found: the checkpoint.
        expected: names and shapes.
        of: whose keys they are, for the message.
        remedy: what to do, for the message.

    Raises:
        WeightsError: a name is missing, or a shape is another.
    """
    missing = [name for name in expected if name not in found]
    if missing:
        raise WeightsError(
            f"The checkpoint misses {len(missing)} of {len(expected)} keys of {of}, first "
            f"'{missing[0]}'; {remedy}."
        )
    for name, shape in expected.items():
        given = tuple(found[name].shape)
        if given != shape:
            raise WeightsError(f"'{name}' of the checkpoint is {given}, not {shape}; {remedy}.")


def check_values(found: Mapping[str, torch.Tensor]) -> None:
    """Check that a network can compute with a checkpoint's values.

    Raises:
        WeightsError: a tensor is of whole or complex numbers, or holds some that are not finite.
    """
    for name, tensor in found.items():
        if name.endswith(_COUNTER):
            continue
        if not tensor.is_floating_point():
            kind = str(tensor.dtype).removeprefix("torch.")
            raise WeightsError(
                f"'{name}' of the checkpoint is of type {kind}, not floating point; get a file "
                "that is not quantised or converted."
            )
        if not torch.isfinite(tensor.float()).all():
            raise WeightsError(
                f"'{name}' of the checkpoint holds numbers that are not finite; its training went "
                "wrong or the file is damaged: get another."
            )
