from __future__ import annotations

import math

from matting_core.models.catalogue import CATALOGUE
from matting_core.models.files.tensor_shapes import SAM21_SIZES, head_shapes, sam21_shapes
from tests.tables import table


@table("size", SAM21_SIZES)
def test_the_networks_are_as_large_as_the_published_files(size) -> None:
    count = sum(math.prod(shape) for shape in sam21_shapes(size).values())
    published = CATALOGUE[f"sam2.1-{size}"].size
    assert 0 < published - 4 * count < 0.003 * published  # the rest is names


def test_the_networks_have_the_official_names() -> None:
    shapes = sam21_shapes("tiny")
    assert shapes["image_encoder.trunk.patch_embed.proj.weight"] == (96, 3, 7, 7)
    assert shapes["no_obj_embed_spatial"] == (1, 64)
    assert "obj_ptr_tpos_proj.weight" in shapes
    assert "unknown_fusion.6.weight" in head_shapes()
