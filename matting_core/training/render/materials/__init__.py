"""Materials: one file per kind of matter, each a function that draws an `AlphaLayer`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from matting_core.training.render.layer import Material
from matting_core.training.render.materials.feathers import feather, wing
from matting_core.training.render.materials.glass import bubbles, vessel
from matting_core.training.render.materials.meshes import basket, lace, net
from matting_core.training.render.materials.plants import grass, houseplant, twigs
from matting_core.training.render.materials.solids import doll, plush, solid
from matting_core.training.render.materials.strands import furry_body, long_hair
from matting_core.training.render.materials.veils import veil
from matting_core.training.render.materials.volumes import smoke, splash

MATERIALS: Mapping[str, Material] = MappingProxyType(
    {
        "furry_body": furry_body,
        "long_hair": long_hair,
        "grass": grass,
        "twigs": twigs,
        "houseplant": houseplant,
        "feather": feather,
        "wing": wing,
        "net": net,
        "lace": lace,
        "basket": basket,
        "veil": veil,
        "vessel": vessel,
        "bubbles": bubbles,
        "smoke": smoke,
        "splash": splash,
        "plush": plush,
        "solid": solid,
        "doll": doll,
    }
)
"""Every material by name."""
