"""Turns weights that `wisp train` wrote into the float16 file that is shipped.

    .venv/bin/python packaging/ship_weights.py runs/wisp/best.safetensors \
        resources/weights/wisp_head.fp16.safetensors

Of several files, each trained on from the one before, the mean is shipped: what the last training
gained is kept without forgetting the rest (Wortsman et al. 2022, "Robust fine-tuning of zero-shot
models", eq. 1 with 0.5).

Prints size and sha256 for the catalogue in `matting_core/models/catalogue.py`.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor


def main() -> None:
    """Convert one file, or the mean of several."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trained", type=Path, nargs="+")
    parser.add_argument("shipped", type=Path)
    args = parser.parse_args()
    files = [load_file(path) for path in args.trained]
    tensors = {name: _mean([file[name] for file in files]) for name in files[0]}
    args.shipped.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, args.shipped)
    data = args.shipped.read_bytes()
    print(f"{args.shipped}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


def _mean(tensors: list[Tensor]) -> Tensor:
    """In float16; whole numbers are the last file's."""
    if not tensors[0].is_floating_point():
        return tensors[-1]
    return torch.stack([tensor.float() for tensor in tensors]).mean(0).half().contiguous()


if __name__ == "__main__":
    main()
