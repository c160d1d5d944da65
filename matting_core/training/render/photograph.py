"""Effects of light, lens, camera and codec on a whole picture, or on a layer to fit one.

Effects on the finished picture are shared by subject and background, so that none of them tells
the two apart. What a lens or a change of size does to the picture is done to the alpha too.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.training.render.foregrounds import to_bytes
from matting_core.training.render.layer import AlphaLayer, Colours
from matting_core.training.render.optics import soften
from matting_core.types import Frame8, Plane, Size

_LEVELS = 4096
_GREY = np.array([0.2126, 0.7152, 0.0722], np.float32)
_LAB_SCALE = np.array([100, 128, 128], np.float32)
_NEAR_GAMMA = 2.2


def take_photograph(
    picture: Colours, alpha: Plane, rng: np.random.Generator
) -> tuple[Frame8, Plane]:
    """Take a photograph of a finished picture.

    Args:
        picture: (H, W, 3) float32 in [0, 1], sRGB.
        alpha: (H, W) float32 in [0, 1].
        rng: draws which effects there are, and how strong.

    Returns:
        The (H, W, 3) uint8 sRGB photograph, and alpha with the lens's blur.
    """
    if rng.random() < 0.9:
        picture = relight(picture, rng)
    if rng.random() < 0.35:
        picture = darken_corners(picture, rng)
    if rng.random() < 0.3:
        picture, alpha = _resample(picture, alpha, rng)
    if rng.random() < 0.3:
        sigma = rng.uniform(0.3, 0.9)
        picture, alpha = _blur(picture, sigma), _blur(alpha, sigma)
    if rng.random() < 0.65:
        picture = add_noise(picture, rng)
    if rng.random() < 0.35:
        sharper = _blur(picture, rng.uniform(0.6, 1.6))
        picture = picture + np.float32(rng.uniform(0.15, 0.9)) * (picture - sharper)
    photo = to_bytes(picture)
    if rng.random() < 0.75:
        photo = compress(photo, rng)
    return photo, np.clip(alpha, 0, 1)


def relight(picture: Colours, rng: np.random.Generator) -> Colours:
    """Change exposure, white balance, gamma, contrast and saturation.

    Exposure and white balance are gains on linear light (a power of 2.2 stands for the sRGB
    curve); gamma and contrast bend the encoded values.
    """
    levels = np.linspace(0, 1, _LEVELS)
    exposure = 2 ** np.clip(rng.normal(0, 0.45), -1.2, 0.9)
    warmth, tint = rng.normal(0, 0.09), rng.normal(0, 0.035)
    gains = exposure * np.exp(np.array([warmth, tint, -warmth]))
    gamma = math.exp(np.clip(rng.normal(0, 0.16), -0.4, 0.4))
    contrast = np.clip(rng.normal(0, 0.25), -0.5, 0.6)
    curves = []
    for gain in gains:
        curve = np.minimum(levels**_NEAR_GAMMA * gain, 1) ** (gamma / _NEAR_GAMMA)
        bent = curve * curve * (3 - 2 * curve)
        curves.append(np.clip(curve + contrast * (bent - curve), 0, 1).astype(np.float32))
    codes = np.clip(picture * (_LEVELS - 1) + 0.5, 0, _LEVELS - 1).astype(np.uint16)
    lit = np.stack([curve[codes[..., k]] for k, curve in enumerate(curves)], axis=-1)
    vivid = np.float32(rng.uniform(0, 0.4) if rng.random() < 0.04 else rng.uniform(0.7, 1.35))
    mixing = vivid * np.eye(3, dtype=np.float32) + (1 - vivid) * _GREY
    return np.asarray(np.clip(cv2.transform(lit, mixing), 0, 1), np.float32)


def darken_corners(picture: Colours, rng: np.random.Generator) -> Colours:
    """Darken the corners, and let the light fall off to one side."""
    height, width = picture.shape[:2]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    corners = np.float32(rng.uniform(0, 0.35)) * (x * x + y * y) / 2
    turn, fall = rng.uniform(0, 2 * math.pi), rng.uniform(0, 0.3)
    side = np.float32(fall * math.cos(turn)) * x + np.float32(fall * math.sin(turn)) * y
    return np.asarray(np.clip(picture * (1 - corners + side)[..., None], 0, 1), np.float32)


def add_noise(picture: Colours, rng: np.random.Generator) -> Colours:
    """Add shot noise, which grows with the light, read noise, and sometimes coarse grain."""
    shot, read = rng.uniform(0, 0.035) ** 2, (0.02 * rng.random() ** 2) ** 2
    deviation = np.sqrt(np.float32(shot) * np.clip(picture, 0, 1) + np.float32(read))
    if rng.random() < 0.3:
        measure_grain = rng.standard_normal((*picture.shape[:2], 1), np.float32)
    else:
        measure_grain = rng.standard_normal(picture.shape, np.float32)
    if rng.random() < 0.5:
        sigma = rng.uniform(0.4, 1.1)
        measure_grain = _blur(measure_grain, sigma).reshape(measure_grain.shape)
        # a blur takes energy; half of the loss given back keeps the grain visible
        measure_grain *= np.float32(1 + sigma)
    return np.asarray(np.clip(picture + deviation * measure_grain, 0, 1), np.float32)


def compress(photo: Frame8, rng: np.random.Generator) -> Frame8:
    """Store as JPEG and read again, with or without halved chroma."""
    sampling = (
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
        if rng.random() < 0.7
        else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
    )
    quality = int(rng.integers(45, 99))
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    _, data = cv2.imencode(".jpg", photo[..., ::-1], options)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)


def harmonise(
    layer: AlphaLayer, background: Colours, rng: np.random.Generator, similar: bool = False
) -> AlphaLayer:
    """Make a layer look as if it had been photographed where it stands.

    Light and colour move 30 to 100% towards those of the background near it (mean and spread in
    CIELAB, as in Reinhard et al. 2001, "Color Transfer between Images"), but not so far that a
    white dog becomes a black one; grain is added up to the background's; the background's light
    wraps round the edge. Sometimes a layer that is sharper than the background is softened to
    match, alpha and all; not always, for most photographs have a sharp subject.

    Args:
        layer: what is pasted.
        background: (H, W, 3) float32 in [0, 1], what it is pasted on.
        rng: draws the strengths.
        similar: match all the way, so that colour hardly tells the two apart.
    """
    matched = _match_colours(layer, background, rng, similar)
    if rng.random() < 0.4:
        matched = _match_blur(matched, background)
    matched = _match_grain(matched, background, rng)
    return _wrap_light(matched, background, rng)


def cast_shadow(layer: AlphaLayer, background: Colours, rng: np.random.Generator) -> Colours:
    """Darken a background where an object that stands before it takes the light away."""
    height, width = layer.alpha.shape
    small = Size(max(8, width // 4), max(8, height // 4))
    side = math.sqrt(small.width * small.height)
    mask = cv2.resize(layer.alpha, small, interpolation=cv2.INTER_AREA)
    move = np.array(
        [[1, 0, rng.normal(0, 0.03) * side], [0, 1, rng.uniform(0.005, 0.05) * side]], np.float32
    )
    mask = cv2.warpAffine(mask, move, small, borderMode=cv2.BORDER_REPLICATE)
    mask = _blur(mask, rng.uniform(0.008, 0.05) * side)
    if rng.random() < 0.8:
        # what stands on the ground takes the light away at its feet, not round its head
        rows = np.arange(small.height, dtype=np.float32)
        middle = (rows * mask.sum(1)).sum() / max(float(mask.sum()), 1e-6)
        mask *= np.clip((rows - middle) / (0.25 * side) + 0.2, 0, 1)[:, None]
    mask = cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(background * (1 - rng.uniform(0.05, 0.45) * mask)[..., None], np.float32)


def _match_colours(
    layer: AlphaLayer, background: Colours, rng: np.random.Generator, similar: bool
) -> AlphaLayer:
    light, tint = rng.uniform(0.3, 1), rng.uniform(0.3, 0.9)
    strength = np.array([light, tint, tint]) if not similar else np.ones(3)
    limit = np.array([22, 9, 9]) if not similar else np.array([35, 60, 60])
    mean, spread = _measure_colours(
        _make_thumbnail(layer.premultiplied), _make_thumbnail(layer.alpha)
    )
    far = _make_thumbnail(background)
    near = _blur(_make_thumbnail(layer.alpha), 10) * (1 - _make_thumbnail(layer.alpha)) + 0.02
    mean_near, spread_near = _measure_colours(far * near[..., None], near)
    gain = np.clip(spread_near / np.maximum(spread, 1), 0.65, 1.4) ** (strength * 0.7)
    shift = np.clip(strength * (mean_near - mean), -limit, limit)
    rows, columns = _find_covered(layer.alpha)
    alpha = layer.alpha[rows, columns, None]
    colours = layer.premultiplied[rows, columns] / np.maximum(alpha, 1 / 255)
    lab = cv2.cvtColor(np.clip(colours, 0, 1), cv2.COLOR_RGB2LAB)
    lab = (lab - mean.astype(np.float32)) * gain.astype(np.float32)
    lab += (mean + shift).astype(np.float32)
    changed = layer.premultiplied.copy()
    lab = np.clip(lab, [0, -127, -127], _LAB_SCALE).astype(np.float32)
    changed[rows, columns] = np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), 0, 1) * alpha
    return AlphaLayer(layer.alpha, changed)


def _match_blur(layer: AlphaLayer, background: Colours) -> AlphaLayer:
    excess = measure_sharpness(layer.premultiplied, layer.alpha > 0.98) / max(
        measure_sharpness(background), 0.05
    )
    return soften(layer, min(0.6 * (excess - 1), 1.5)) if excess > 1.3 else layer


def _match_grain(layer: AlphaLayer, background: Colours, rng: np.random.Generator) -> AlphaLayer:
    missing = (
        measure_grain(background) ** 2 - measure_grain(layer.premultiplied, layer.alpha > 0.98) ** 2
    )
    if missing <= 1e-6:
        return layer
    noise = rng.standard_normal(layer.alpha.shape, np.float32)
    noise *= layer.alpha * np.float32(math.sqrt(min(missing, 0.03**2)))
    noisy = layer.premultiplied + noise[..., None]
    return AlphaLayer(layer.alpha, np.clip(noisy, 0, layer.alpha[..., None]))


def _wrap_light(layer: AlphaLayer, background: Colours, rng: np.random.Generator) -> AlphaLayer:
    height, width = layer.alpha.shape
    small = (max(1, width // 4), max(1, height // 4))
    reach = rng.uniform(0.001, 0.006) * max(height, width) / 4
    open_sky = cv2.resize(1 - layer.alpha, small, interpolation=cv2.INTER_AREA)
    glow = cv2.resize(background, small, interpolation=cv2.INTER_AREA)
    open_sky, glow = _blur(open_sky, reach), _blur(glow, reach * 3)
    wrap = cv2.resize(open_sky, (width, height)) * np.float32(rng.uniform(0, 0.4))
    spill = (layer.alpha * wrap)[..., None]
    return AlphaLayer(
        layer.alpha,
        layer.premultiplied * (1 - wrap)[..., None] + spill * cv2.resize(glow, (width, height)),
    )


def measure_grain(picture: Colours, where: npt.NDArray[np.bool_] | None = None) -> float:
    """Measure the deviation of noise (Immerkaer 1996), by the median, so that texture counts less.

    Args:
        picture: (H, W, 3) float32.
        where: (H, W), the pixels that count; fewer than 100 count as no noise.
    """
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    found = np.abs(cv2.filter2D(picture[..., 1], -1, kernel))
    values = found if where is None else found[where]
    return float(np.median(values)) / (0.6745 * 6) if values.size >= 100 else 0.0


def measure_sharpness(picture: Colours, where: npt.NDArray[np.bool_] | None = None) -> float:
    """Measure the share of fine detail: what a blur of 1 pixel takes against one of 4.

    Args:
        picture: (H, W, 3) float32.
        where: (H, W), the pixels that count; fewer than 100 count as not sharp.

    Returns:
        About 0 (smooth) to 1 (all detail is fine).
    """
    green = np.ascontiguousarray(picture[..., 1])
    fine, all_detail = np.abs(green - _blur(green, 1)), np.abs(green - _blur(green, 4))
    if where is None:
        return float(fine.sum() / max(float(all_detail.sum()), 1e-6))
    if where.sum() < 100:
        return 0.0
    return float(fine[where].sum() / max(float(all_detail[where].sum()), 1e-6))


def _measure_colours(
    weighted: Colours, weight: Plane
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Measure mean and deviation in CIELAB of colours multiplied by their weight."""
    known = weight > 0.01
    if not known.any():
        return np.array([50.0, 0, 0]), np.ones(3)
    colours = np.clip(weighted[known] / weight[known, None], 0, 1)
    lab = cv2.cvtColor(colours[None], cv2.COLOR_RGB2LAB)[0].astype(np.float64)
    mean = np.average(lab, axis=0, weights=weight[known])
    return mean, np.sqrt(np.average((lab - mean) ** 2, axis=0, weights=weight[known]))


def _make_thumbnail(picture: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.resize(picture, (64, 64), interpolation=cv2.INTER_AREA))


def _find_covered(alpha: Plane) -> tuple[slice, slice]:
    """Find the smallest window outside which alpha is 0; at least a pixel."""
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    if not rows.size:
        return slice(0, 1), slice(0, 1)
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _blur(picture: npt.NDArray[np.float32], sigma: float) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), max(sigma, 0.05)))


def _resample(picture: Colours, alpha: Plane, rng: np.random.Generator) -> tuple[Colours, Plane]:
    """Store smaller and enlarge again, as sites and messengers do."""
    height, width = alpha.shape
    scale = rng.uniform(0.55, 0.95)
    small = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = [cv2.INTER_LINEAR, cv2.INTER_CUBIC][int(rng.integers(2))]
    both = []
    for plane in (picture, alpha):
        reduced = cv2.resize(plane, small, interpolation=cv2.INTER_AREA)
        both.append(cv2.resize(reduced, (width, height), interpolation=way))
    return both[0], both[1]
