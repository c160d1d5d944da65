"""Optics of a lens and a moving camera: blurs that spread alpha and colour together."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.training.render.layer import AlphaLayer

Kernel = npt.NDArray[np.float32]


def defocus(layer: AlphaLayer, radius: float) -> AlphaLayer:
    """Blur by a disc, as a lens does that is focused elsewhere.

    Args:
        layer: what is out of focus.
        radius: of the disc in pixels; up to 0.25 changes nothing.
    """
    if radius <= 0.25:
        return layer
    reach = int(np.ceil(radius + 0.5))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)
    return _spread(layer, disc.astype(np.float32))


def motion_blur(layer: AlphaLayer, length: float, angle: float) -> AlphaLayer:
    """Blur along a line, as an even movement during the exposure does.

    Args:
        layer: what moves.
        length: of the movement in pixels; up to 0.5 changes nothing.
        angle: of the movement in radians, from the x axis towards y.
    """
    if length <= 0.5:
        return layer
    reach = int(np.ceil(length / 2 + 1))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    along = np.abs(x * np.cos(angle) + y * np.sin(angle))
    across = np.abs(y * np.cos(angle) - x * np.sin(angle))
    line = np.clip(length / 2 + 0.5 - along, 0, 1) * np.clip(1 - across, 0, 1)
    return _spread(layer, line.astype(np.float32))


def soften(layer: AlphaLayer, sigma: float) -> AlphaLayer:
    """Blur by a Gaussian of `sigma` pixels, as any lens and resampling do; 0 changes nothing."""
    if sigma <= 0:
        return layer
    blurred = cv2.GaussianBlur(
        _stack_channels(layer), (0, 0), sigma, borderType=cv2.BORDER_REPLICATE
    )
    return _split_channels(blurred)


def _spread(layer: AlphaLayer, kernel: Kernel) -> AlphaLayer:
    # What a border cuts goes on beyond it, so the outermost pixels are repeated.
    weights = kernel / kernel.sum()
    return _split_channels(
        cv2.filter2D(_stack_channels(layer), -1, weights, borderType=cv2.BORDER_REPLICATE)
    )


def _stack_channels(layer: AlphaLayer) -> npt.NDArray[np.float32]:
    return np.concatenate([layer.premultiplied, layer.alpha[..., None]], 2)


def _split_channels(values: npt.NDArray[np.float32]) -> AlphaLayer:
    # Rounding, in large kernels that of a Fourier transform, may leave the range by a little,
    # and spreads traces far beyond the kernel.
    alpha = np.clip(values[..., 3] * np.float32(1 + 1e-6), 0, 1)
    alpha[alpha < 1e-6] = 0
    return AlphaLayer(alpha, np.clip(values[..., :3], 0, alpha[..., None]))
