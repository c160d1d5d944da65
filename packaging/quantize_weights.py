"""Makes the shipped int8 weights from the float16 ones: `quantize_weights.py SOURCE TARGET`.

Weight-only, symmetric, one scale per output channel; tensors of fewer than two dimensions (biases,
norms) and small ones stay float16. The result's hash goes into `matting_core.models.weights`.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

SMALLEST = 4096


def quantize(tensor: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return int8 values and float32 scales (first axis) with values * scale ~ tensor."""
    flat = tensor.float().flatten(1)
    best_scale = flat.abs().amax(1).clamp(min=1e-12) / 127
    best_error = torch.full_like(best_scale, float("inf"))
    for shrink in (1.0, 0.97, 0.94, 0.91, 0.88):
        scale = flat.abs().amax(1).clamp(min=1e-12) / 127 * shrink
        values = (flat / scale[:, None]).round().clamp(-127, 127)
        error = (values * scale[:, None] - flat).square().sum(1)
        better = error < best_error
        best_scale = torch.where(better, scale, best_scale)
        best_error = torch.where(better, error, best_error)
    values = (flat / best_scale[:, None]).round().clamp(-127, 127).to(torch.int8)
    return values.reshape(tensor.shape), best_scale


def main(source: Path, target: Path) -> None:
    """Quantise a safetensors file."""
    packed: dict[str, torch.Tensor] = {}
    for name, tensor in load_file(source).items():
        if tensor.ndim >= 2 and tensor.numel() >= SMALLEST:
            packed[name], packed[f"{name}.scale"] = quantize(tensor)
        else:
            packed[name] = tensor.half()
    save_file(packed, target, metadata={"format": "pt", "quantization": "int8-per-output-channel"})
    data = target.read_bytes()
    print(f"{target}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
