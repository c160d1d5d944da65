"""SAM2Matting eq. 1-6, a function each. All planes are (B, C, h, w); the nets are handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F  # noqa: N812 - as all of torch's own documents call it
from torch import Tensor

THETA = 0.65

Net = Callable[[Tensor], Tensor]
HW = tuple[int, int]


def roi_part(features: Tensor, mask: Tensor, image: Tensor, net: Net) -> Tensor:
    """Return L_i = net_i([F_i, M_i, I_i]), (B, 64, h_i, w_i) (eq. 1).

    Args:
        features: F_i, (B, C_i, h_i, w_i).
        mask: M, (B, 1, h, w) of 0 and 1.
        image: I, (B, 3, H, W), sRGB less ImageNet's mean, over its deviation.
        net: the scale's convolutions.
    """
    hw = plane_size(features)
    return net(torch.cat([features, resize_bilinear(mask, hw), resize_bilinear(image, hw)], 1))


def roi_logits(parts: Sequence[Tensor], fusion: Net) -> Tensor:
    """Return L = fusion([L_1, up(L_2), up(L_3)]), (B, 1, h, w) of the finest part (eq. 2).

    Args:
        parts: L_i, finest first.
        fusion: the net that fuses them.
    """
    hw = plane_size(parts[0])
    return fusion(torch.cat([resize_bilinear(part, hw) for part in parts], 1))


def roi(logits: Tensor, theta: float = THETA) -> Tensor:
    """Return R = [sigmoid(L) > theta], (B, 1, h, w) bool (eq. 3).

    The paper writes >=; the published model compares strictly.
    """
    return torch.sigmoid(logits) > theta


def sam2matting_trimap(mask: Tensor, region: Tensor) -> Tensor:
    """Return T: M where R = 0, and 0.5 where R = 1, (B, 1, h, w) of 0, 0.5 and 1 (eq. 4).

    Args:
        mask: M, (B, 1, h, w) of 0 and 1.
        region: R, (B, 1, h, w) bool.
    """
    return torch.where(region, 0.5, mask)


def alpha_input(
    features: Tensor, trimap: Tensor, image: Tensor, coarser: Tensor | None = None
) -> Tensor:
    """Return X_i = [F_i, T_i, I_i, up(A_i-1)], without A at the coarsest scale (eq. 5).

    Args:
        features: F_i, (B, C_i, h_i, w_i).
        trimap: T, (B, 1, h, w) of 0, 0.5 and 1.
        image: I, as in `roi_part`.
        coarser: A_i-1, (B, 1, h', w') in [0, 1].
    """
    hw = plane_size(features)
    planes = (trimap, image) if coarser is None else (trimap, image, coarser)
    return torch.cat([features, *(resize_bilinear(plane, hw) for plane in planes)], 1)


def alpha(joined: Tensor, project: Net, predict: Net) -> Tensor:
    """Return A_i = sigmoid(predict_i(project_i(X_i))), (B, 1, 2 h_i, 2 w_i) in [0, 1] (eq. 6)."""
    return torch.sigmoid(predict(project(joined)))


def resize_bilinear(plane: Tensor, hw: HW) -> Tensor:
    """Return the plane at another size, bilinearly, corners not aligned, without a low-pass."""
    if plane_size(plane) == hw:
        return plane
    return F.interpolate(plane, hw, mode="bilinear", align_corners=False)


def plane_size(plane: Tensor) -> HW:
    """Return (h, w) of a (B, C, h, w) tensor."""
    return plane.shape[2], plane.shape[3]
