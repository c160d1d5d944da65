"""Turns weights that `wisp train` wrote into the float16 file that is shipped.

    .venv/bin/python packaging/ship_weights.py runs/wisp/best.safetensors \
        resources/weights/wisp_head.fp16.safetensors

Prints size and sha256 for the catalogue in `matting_core/weights.py`.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from safetensors.torch import load_file, save_file


def main() -> None:
    """Convert one file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trained", type=Path)
    parser.add_argument("shipped", type=Path)
    args = parser.parse_args()
    tensors = {
        name: tensor.half().contiguous() if tensor.is_floating_point() else tensor
        for name, tensor in load_file(args.trained).items()
    }
    args.shipped.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, args.shipped)
    data = args.shipped.read_bytes()
    print(f"{args.shipped}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
