from functools import cache

import numpy as np

from matting_core.training.render.layer import Colours
from matting_core.training.render.materials import MATERIALS
from matting_core.types import Size
from tests.tables import table

SIZE = Size(256, 224)
SEEDS = (1, 2, 3)
STRANDS = ("furry_body", "long_hair", "grass", "twigs", "feather", "wing", "lace")
SHEER = ("veil", "vessel", "bubbles", "smoke")


def texture(rng: np.random.Generator, size: Size) -> Colours:
    ramp = np.linspace(0, 1, size.width, dtype=np.float32)[None, :, None]
    return np.broadcast_to(ramp * rng.random(3, np.float32), (*size.hw, 3)).copy()


@cache
def draw(name: str, seed: int, size: Size = SIZE):
    return MATERIALS[name](np.random.default_rng(seed), size, texture)


@table("name", MATERIALS)
def test_every_material_keeps_the_ranges_of_a_layer(name):
    for seed in SEEDS:
        layer = draw(name, seed)
        assert layer.size == SIZE
        assert layer.alpha.shape == SIZE.hw
        assert layer.premultiplied.shape == (*SIZE.hw, 3)
        assert layer.alpha.dtype == layer.premultiplied.dtype == np.float32
        assert np.isfinite(layer.premultiplied).all()
        assert layer.alpha.min() >= 0
        assert layer.alpha.max() <= 1
        assert layer.premultiplied.min() >= 0
        assert (layer.premultiplied <= layer.alpha[..., None]).all()


@table("name", MATERIALS)
def test_every_material_covers_a_part_of_the_picture_only(name):
    for seed in SEEDS:
        covered = (draw(name, seed).alpha > 0.05).mean()
        assert 0.002 < covered < 0.97


@table("name", MATERIALS)
def test_a_seed_gives_the_same_layer_and_another_seed_another(name):
    first, other = draw(name, 1), draw(name, 2)
    again = MATERIALS[name](np.random.default_rng(1), SIZE, texture)
    assert np.array_equal(first.alpha, again.alpha)
    assert np.array_equal(first.premultiplied, again.premultiplied)
    assert not np.array_equal(first.alpha, other.alpha)


@table("name", [*STRANDS, *SHEER])
def test_fine_and_sheer_matter_is_partly_transparent_over_a_real_share(name):
    shares = []
    for seed in SEEDS:
        alpha = draw(name, seed).alpha
        partly = (alpha > 0.05) & (alpha < 0.95)
        shares.append(partly.sum() / max((alpha > 0.05).sum(), 1))
    assert np.mean(shares) > 0.1


@table("name", ["plush", "solid", "doll"])
def test_solid_matter_is_opaque_inside(name):
    for seed in SEEDS:
        assert draw(name, seed).alpha.max() == 1


@table("name", MATERIALS)
def test_every_material_fits_a_narrow_and_a_small_picture(name):
    assert draw(name, 1, Size(40, 90)).alpha.shape == (90, 40)
