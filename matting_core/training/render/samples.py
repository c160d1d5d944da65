"""Stream of training pictures with their alpha, endless.

Three kinds are mixed. `natural` are crops of pairs on their own backgrounds, `composite` are the
pairs' subjects in other scenes, `rendered` are materials in such scenes. Natural photographs
matter most: with paste alone a network learns to spot pasting.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from matting_core.errors import InputError
from matting_core.training.datasets import ImagePair
from matting_core.training.render.backdrops import PhotographBackdrops
from matting_core.training.render.compose import SceneSources, compose_scene
from matting_core.training.render.foregrounds import ForegroundPairs
from matting_core.training.render.framing import SubjectExtent, place_subject, shift_layer
from matting_core.training.render.layer import Colours
from matting_core.training.render.materials import MATERIALS
from matting_core.training.render.natural import crop_pair
from matting_core.training.render.photograph import take_photograph
from matting_core.training.render.warp import measure_share, place_cutout, place_layer
from matting_core.types import Frame8, Plane, Size

LEAST_SHARE, GREATEST_SHARE = 0.03, 0.85
"""Which part of a sample's pixels its subject touches (alpha above 0.1)."""

FREQUENT: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(("furry_body", "long_hair", "plush", "doll", "solid", "twigs", "feather"), 3.0)
)
"""Materials drawn more often than the others, by how much: what people cut out most."""

_ATTEMPTS = 60
_DETAIL = 2.0
"""Pairs are kept at this many times the samples' longest side, so that crops stay sharp."""


@dataclass(frozen=True, slots=True)
class TrainingPicture:
    """Training picture and its subject's alpha.

    Attributes:
        rgb: (H, W, 3) uint8 sRGB.
        alpha: (H, W) float32 in [0, 1].
        kind: "natural", "composite" or "rendered:" and the material's name.
    """

    rgb: Frame8
    alpha: Plane
    kind: str


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of the kinds of samples; only their ratio matters.

    Attributes:
        natural: crops of pairs on their own backgrounds.
        composite: pairs' subjects on other backgrounds.
        rendered: materials.
    """

    natural: float = 0.45
    composite: float = 0.25
    rendered: float = 0.30

    def __post_init__(self) -> None:
        shares = dataclasses.astuple(self)
        if min(shares) < 0 or not 0 < sum(shares) < float("inf"):
            raise InputError(f"The shares {shares} are no mix; give numbers from 0, not all 0.")


class SampleStream:
    """Stream of samples by index; an index and a seed give the same sample in any order.

    Args:
        pairs: pictures with alpha; hold subjects out by leaving their pairs out. May be empty.
        backgrounds: photographs; one at least.
        size: the samples' size.
        seed: of everything random.
        mix: the kinds' shares; kinds that the pairs cannot give are left out.
        cache: the folder that keeps the pairs' estimated colours between runs.

    Raises:
        InputError: there are no backgrounds, or no kind that can be made is in the mix.
    """

    def __init__(
        self,
        pairs: Sequence[ImagePair],
        backgrounds: Sequence[Path],
        size: Size,
        seed: int,
        mix: Mix = Mix(),
        cache: Path | None = None,
    ) -> None:
        if not backgrounds:
            raise InputError("There are no backgrounds; name at least one photograph.")
        self._size, self._seed = size, seed
        self._mix, self._materials = mix, tuple(sorted(MATERIALS))
        favour = np.array([FREQUENT.get(name, 1.0) for name in self._materials], np.float64)
        self._favour = _normalise(favour)
        limit = round(max(size) * _DETAIL)
        self._cutouts = ForegroundPairs(pairs, limit, cache)
        backdrops = PhotographBackdrops(backgrounds, round(max(size) * 1.5), self._cutouts)
        self._sources = SceneSources(self._cutouts, backdrops, MATERIALS)
        weights = np.array([pair.weight for pair in pairs], np.float64)
        whole = np.array([not pair.foreground_only for pair in pairs], np.float64)
        self._any, self._whole = _normalise(weights), _normalise(weights * whole)
        self._kinds = self._possible_kinds()

    def sample(self, index: int) -> TrainingPicture:
        """Make one sample.

        Args:
            index: any number from 0; there is no last one.

        Raises:
            MediaError: a pair or a background is gone or damaged.
            InputError: the pairs' subjects are all too small or too faint.
        """
        kinds, chances = self._kinds
        kind = kinds[int(self._generator(index, 0).choice(len(kinds), p=chances))]
        for attempt in range(1, _ATTEMPTS + 1):
            sample = self._attempt(kind, self._generator(index, attempt))
            if sample is not None:
                return sample
        raise InputError(
            f"None of {_ATTEMPTS} attempts at a {kind} sample shows a subject of "
            f"{LEAST_SHARE:.0%} to {GREATEST_SHARE:.0%} of the picture; check the pairs' alphas."
        )

    def _generator(self, index: int, attempt: int) -> np.random.Generator:
        return np.random.default_rng((self._seed, index, attempt))

    def _possible_kinds(self) -> tuple[tuple[str, ...], tuple[float, ...]]:
        shares = {
            "natural": self._mix.natural * (self._whole is not None),
            "composite": self._mix.composite * (self._any is not None),
            "rendered": self._mix.rendered * bool(self._materials),
        }
        total = sum(shares.values())
        if total == 0:
            raise InputError("No sample of this mix can be made without pairs; name some.")
        return tuple(shares), tuple(value / total for value in shares.values())

    def _attempt(self, kind: str, rng: np.random.Generator) -> TrainingPicture | None:
        """Make one picture, or None if its subject is too small, too large or too faint."""
        if kind == "natural":
            picture, alpha = self._natural(rng)
        elif kind == "composite":
            picture, alpha = self._composite(rng)
        else:
            name = self._materials[_draw(self._favour, rng)]
            kind = f"rendered:{name}"
            picture, alpha = self._render(name, rng)
        if not _fits(alpha):
            return None
        rgb, alpha = take_photograph(picture, alpha, rng)
        return TrainingPicture(rgb, alpha, kind) if _fits(alpha) else None

    def _natural(self, rng: np.random.Generator) -> tuple[Colours, Plane]:
        cutout = self._cutouts[_draw(self._whole, rng)]
        other = self._cutouts[_draw(self._any, rng)] if rng.random() < 0.15 else None
        return crop_pair(cutout, self._size, rng, other)

    def _composite(self, rng: np.random.Generator) -> tuple[Colours, Plane]:
        cutout = self._cutouts[_draw(self._any, rng)]
        if rng.random() < 0.5:
            cutout = cutout.flip()
        extent = SubjectExtent.measure(cutout.alpha)
        where = place_subject(extent, self._size, rng, (0.07, 0.65))
        layer = place_cutout(cutout, extent.cut, where, self._size)
        if not _fits(layer.alpha):
            return layer.premultiplied, layer.alpha
        scene = compose_scene(layer, self._sources, rng, cutout)
        return scene.picture, scene.subject.alpha

    def _render(self, name: str, rng: np.random.Generator) -> tuple[Colours, Plane]:
        layer = MATERIALS[name](rng, self._size, self._sources.backdrops.texture)
        if rng.random() < 0.7:
            layer = place_layer(layer, shift_layer(layer, rng), self._size)
        if not _fits(layer.alpha):
            return layer.premultiplied, layer.alpha
        scene = compose_scene(layer, self._sources, rng)
        return scene.picture, scene.subject.alpha


def _fits(alpha: Plane) -> bool:
    return LEAST_SHARE <= measure_share(alpha) <= GREATEST_SHARE and bool((alpha > 0.5).any())


def _normalise(weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64] | None:
    """Scale weights to a sum of 1; None without any."""
    total = weights.sum()
    return weights / total if total > 0 else None


def _draw(chances: npt.NDArray[np.float64] | None, rng: np.random.Generator) -> int:
    return 0 if chances is None else int(rng.choice(len(chances), p=chances))
