"""Examples: kept on disk exactly, stacked for a network, and made from pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from matting_core.training import examples
from matting_core.training.examples import (
    Batch,
    Example,
    example_path,
    make_example,
    pool_files,
)
from matting_core.training.guides import Damage
from tests.tables import table
from tests.training.pools import CPU, SIDE, StubModel, an_example


def test_what_is_written_is_read_exactly(tmp_path: Path) -> None:
    example = an_example(0)
    path = example_path(tmp_path, 7)
    example.write(path)
    found = Example.read(path)
    for name in Example.__slots__:
        mine, its = getattr(example, name), getattr(found, name)
        assert its.dtype == mine.dtype
        assert torch.equal(its, mine)
    assert pool_files(tmp_path) == [path]
    assert [each.name for each in tmp_path.iterdir()] == ["example_000007.safetensors"]


def test_a_killed_write_leaves_no_example_and_is_made_up_for(tmp_path, monkeypatch) -> None:
    def killed(_tensors: dict, path: Path) -> None:
        path.write_bytes(b"half of it")
        raise KeyboardInterrupt

    path = example_path(tmp_path, 0)
    with monkeypatch.context() as patch:
        patch.setattr(examples, "save_file", killed)
        with pytest.raises(KeyboardInterrupt):
            an_example(0).write(path)
    assert not path.exists()
    assert pool_files(tmp_path) == []
    an_example(0).write(path)
    assert pool_files(tmp_path) == [path]
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_pool_is_listed_by_number(tmp_path: Path) -> None:
    for index in (11, 2, 100):
        an_example(index).write(example_path(tmp_path, index))
    assert pool_files(tmp_path) == [example_path(tmp_path, index) for index in (2, 11, 100)]


def test_a_batch_has_the_networks_shapes_and_ranges() -> None:
    parts = [an_example(seed) for seed in range(3)]
    batch = Batch.stack(parts, CPU)
    assert [level.shape for level in batch.features] == [
        (3, 32, SIDE // 4, SIDE // 4),
        (3, 64, SIDE // 8, SIDE // 8),
        (3, 256, SIDE // 16, SIDE // 16),
    ]
    assert batch.logits.shape == (3, 1, SIDE // 4, SIDE // 4)
    assert batch.image.shape == (3, 3, SIDE, SIDE)
    assert batch.alpha.shape == (3, 1, SIDE, SIDE)
    for plane in (*batch.features, batch.logits, batch.image, batch.alpha):
        assert plane.dtype == torch.float32
        assert plane.is_contiguous(memory_format=torch.channels_last)
    assert batch.alpha.aminmax() == (0, 1)
    assert 0 <= batch.image.min() < 0.3 < 0.7 < batch.image.max() <= 1
    assert torch.equal(batch.image[1, 2] * 255, parts[1].rgb[..., 2].float())
    assert torch.equal(batch.features[1][2], parts[2].stride8.float())


def test_mirrored_twice_is_the_same_and_once_is_not() -> None:
    batch = Batch.stack([an_example(0), an_example(1)], CPU)
    once, twice = batch.mirror(), batch.mirror().mirror()
    assert torch.equal(once.image[..., 0], batch.image[..., -1])
    assert torch.equal(once.alpha.flip(-1), batch.alpha)
    for name in ("logits", "image", "alpha"):
        assert torch.equal(getattr(twice, name), getattr(batch, name))
        assert not torch.equal(getattr(once, name), getattr(batch, name))
    for mine, other in zip(twice.features, batch.features, strict=True):
        assert torch.equal(mine, other)


def a_subject(box: tuple[int, int, int, int], hw: tuple[int, int] = (150, 200)):
    """A white rectangle with a soft edge on black, picture and alpha."""
    alpha = np.zeros(hw, np.float32)
    x0, y0, x1, y1 = box
    alpha[y0:y1, x0:x1] = 0.6
    alpha[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1] = 1
    return np.repeat(np.rint(alpha * 255).astype(np.uint8)[..., None], 3, 2), alpha


BOXES = [(80, 50, 120, 90), (0, 0, 60, 40), (0, 10, 12, 140), (150, 140, 200, 150)]


@table("box", BOXES)
@table("seed", range(8))
def test_an_example_shows_the_subject_with_its_alpha(box, seed: int) -> None:
    rgb, alpha = a_subject(box)
    found = make_example(rgb, alpha, StubModel(128), np.random.default_rng(seed), Damage())
    assert found.stride4.shape == (32, 32, 32)
    assert found.stride8.shape == (64, 16, 16)
    assert found.stride16.shape == (256, 8, 8)
    assert (found.rgb.shape, found.rgb.dtype) == ((128, 128, 3), torch.uint8)
    assert (found.alpha.shape, found.alpha.dtype) == ((128, 128), torch.uint8)
    assert (found.logits.shape, found.logits.dtype) == ((32, 32), torch.float16)
    assert found.stride4.dtype == torch.float16
    assert torch.isfinite(found.logits).all()
    # the picture is white where alpha is 1 and black where it is 0
    assert (found.rgb[..., 0].int() - found.alpha.int()).abs().max() <= 2
    # subject and surroundings are both to be seen
    assert 0.02 < (found.alpha > 127).float().mean() < 0.98


@table("box", BOXES)
def test_windows_hold_the_subject_and_are_not_empty(box) -> None:
    _, alpha = a_subject(box)
    shares = []
    for seed in range(200):
        x0, y0, x1, y1 = examples._draw_window(alpha, np.random.default_rng(seed))
        assert 0 <= x0 < x1 <= 200
        assert 0 <= y0 < y1 <= 150
        shares.append(alpha[y0:y1, x0:x1].sum() / alpha.sum())
    assert min(shares) > 0.6
    assert np.mean(np.array(shares) > 0.99) > 0.75


def test_the_same_seed_makes_the_same_example() -> None:
    rgb, alpha = a_subject(BOXES[0])
    one, two, other = (
        make_example(rgb, alpha, StubModel(128), np.random.default_rng(seed), Damage())
        for seed in (5, 5, 6)
    )
    assert torch.equal(one.alpha, two.alpha)
    assert torch.equal(one.logits, two.logits)
    assert not torch.equal(one.alpha, other.alpha)


def test_an_empty_alpha_is_refused() -> None:
    rgb, alpha = a_subject(BOXES[0])
    with pytest.raises(ValueError, match="alpha is empty"):
        make_example(rgb, 0 * alpha, StubModel(128), np.random.default_rng(0), Damage())
