"""All losses: finite differences, extremes, weights, autocast, the truth, refusals."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from matting_core.training import losses
from tests.tables import table
from tests.training.losses.planes import CLASS_LOGITS, CLASSES, IMAGE, PYRAMID, A, B, W

WEIGHTED: dict[str, Callable[[Tensor, Tensor | None], Tensor]] = {
    "focal": lambda x, w: losses.focal(x, B, weight=w),
    "smooth_l1": lambda x, w: losses.smooth_l1(x, B, 0.3, weight=w),
    "roi_loss": lambda x, w: losses.roi_loss(x, B.round(), weight=w),
    "dice": lambda x, w: losses.dice(x, B, weight=w),
    "consistency_loss": lambda x, w: losses.consistency_loss(x, B.round(), weight=w),
    "l1_loss": lambda x, w: losses.l1_loss(x, B, weight=w),
    "laplacian_loss": lambda x, w: losses.laplacian_loss(x, B, 3, weight=w),
    "gradient_loss": lambda x, w: losses.gradient_loss(x, B, weight=w),
    "confidence_loss": lambda x, w: losses.confidence_loss(x, A, B, weight=w),
}
PLAIN: dict[str, Callable[[Tensor], Tensor]] = {
    "smoothness_loss": lambda x: losses.smoothness_loss(x, IMAGE),
    "smoothness_loss outside": lambda x: losses.smoothness_loss(x, IMAGE, B.round()),
    "alpha_loss": lambda x: losses.alpha_loss([*PYRAMID[:2], x], B, levels=3),
}
ALL: dict[str, Callable[[Tensor], Tensor]] = {
    **PLAIN,
    **{name: lambda x, f=loss: f(x, None) for name, loss in WEIGHTED.items()},
    **{f"{name} weighted": lambda x, f=loss: f(x, W) for name, loss in WEIGHTED.items()},
}


@table("name", ALL)
def test_gradients_are_right(name) -> None:
    assert torch.autograd.gradcheck(ALL[name], A.clone().requires_grad_())


@table("weights", [None, (1.0, 2.0, 0.5)])
def test_gradients_of_the_three_classes_are_right(weights) -> None:
    def loss(logits: Tensor) -> Tensor:
        return losses.trimap_focal(logits, CLASSES, 2.0, weights, W)

    assert torch.autograd.gradcheck(loss, CLASS_LOGITS.clone().requires_grad_())


@table("value", [-1e6, -50.0, 0.0, 1.0, 50.0, 1e6])
@table("name", ALL)
def test_extremes_stay_finite(name, value) -> None:
    x = torch.full(A.shape, value, requires_grad=True)
    loss = ALL[name](x)
    loss.backward()
    assert math.isfinite(loss.item())
    assert x.grad is not None
    assert x.grad.isfinite().all()


@table("value", [-1e6, 0.0, 1e6])
def test_three_classes_stay_finite(value) -> None:
    logits = torch.zeros(CLASS_LOGITS.shape)
    logits[:, 1] = value
    logits.requires_grad_()
    losses.trimap_focal(logits, CLASSES).backward()
    assert logits.grad is not None
    assert logits.grad.isfinite().all()


@table("name", WEIGHTED)
def test_weight_that_is_the_same_everywhere_changes_nothing(name) -> None:
    plain = WEIGHTED[name](A, None)
    assert WEIGHTED[name](A, torch.ones_like(A)).item() == pytest.approx(plain.item(), abs=1e-6)


@table("name", WEIGHTED)
def test_no_weight_at_all_is_no_loss(name) -> None:
    assert WEIGHTED[name](A, torch.zeros_like(A)).item() == 0


@table("name", ["l1_loss", "smooth_l1", "focal", "confidence_loss"])
def test_pixels_without_weight_do_not_count(name) -> None:
    weight = torch.zeros_like(A)
    weight[..., :3] = 1
    changed = A.clone()
    changed[..., 3:] = 0.99
    assert WEIGHTED[name](A, weight) == WEIGHTED[name](changed, weight)


@table("name", ALL)
def test_autocast_changes_nothing(name) -> None:
    x = A.to(torch.bfloat16)
    with torch.autocast("cpu", torch.bfloat16):
        inside = ALL[name](x)
    assert inside.dtype in (torch.float32, torch.float64)
    assert inside.item() == pytest.approx(ALL[name](x.float()).item(), rel=1e-5)


def test_half_precision_pyramid_is_computed_in_full() -> None:
    with torch.autocast("cpu", torch.bfloat16):
        bands = losses.laplacian_pyramid(A.to(torch.bfloat16))
    assert {band.dtype for band in bands} == {torch.float32}


AT_TRUTH = {
    "smooth_l1": losses.smooth_l1,
    "dice": losses.dice,
    "l1_loss": losses.l1_loss,
    "laplacian_loss": losses.laplacian_loss,
    "gradient_loss": losses.gradient_loss,
    "confidence_loss": lambda a, b: losses.confidence_loss(torch.ones_like(a), a, b),
    "alpha_loss": lambda a, b: losses.alpha_loss([a], b, [1.0]),
}


@table("name", AT_TRUTH)
def test_nothing_is_lost_at_the_truth(name) -> None:
    assert AT_TRUTH[name](A, A).item() == pytest.approx(0, abs=1e-12)
    assert AT_TRUTH[name](A, B).item() > 0 or name == "confidence_loss"


def test_next_to_nothing_is_lost_at_a_binary_truth() -> None:
    mask = B.round()
    sure = (mask - 0.5) * 200
    classes = torch.nn.functional.one_hot(CLASSES, 3).movedim(3, 1) * 200.0
    assert losses.focal(sure, mask).item() < 1e-12
    assert losses.roi_loss(sure, mask).item() < 1e-12
    assert losses.consistency_loss(mask, mask).item() < 1e-9
    assert losses.trimap_focal(classes, CLASSES).item() < 1e-12


FLAT = torch.zeros(5, 7)
NARROW = torch.zeros(2, 1, 5, 6)
REFUSED: dict[str, Callable[[], object]] = {
    "no batch": lambda: losses.l1_loss(FLAT, FLAT),
    "three channels": lambda: losses.dice(IMAGE, IMAGE),
    "integers": lambda: losses.l1_loss(A.long(), A.long()),
    "other size": lambda: losses.focal(A, NARROW),
    "other weight": lambda: losses.gradient_loss(A, B, NARROW),
    "empty": lambda: losses.smooth_l1(A[:0], B[:0]),
    "beta": lambda: losses.smooth_l1(A, B, 0),
    "gamma": lambda: losses.focal(A, B, 0.5),
    "gamma of classes": lambda: losses.trimap_focal(CLASS_LOGITS, CLASSES, 0.5),
    "even kernel": lambda: losses.roi_truth(A, size=4),
    "roi shape": lambda: losses.roi_truth(IMAGE),
    "levels": lambda: losses.laplacian_pyramid(A, 0),
    "scales": lambda: losses.alpha_loss([A], B),
    "no scales": lambda: losses.alpha_loss([], B, []),
    "alpha above truth": lambda: losses.alpha_loss([A], NARROW, [1.0]),
    "flat alpha": lambda: losses.alpha_loss([FLAT], B, [1.0]),
    "two classes": lambda: losses.trimap_focal(CLASS_LOGITS[:, :2], CLASSES),
    "class planes": lambda: losses.trimap_focal(CLASS_LOGITS, CLASSES[:, None]),
    "float classes": lambda: losses.trimap_focal(CLASS_LOGITS, CLASSES.double()),
    "class 3": lambda: losses.trimap_focal(CLASS_LOGITS, CLASSES + 3),
    "class weights": lambda: losses.trimap_focal(CLASS_LOGITS, CLASSES, 2.0, (1.0, 1.0)),
    "image": lambda: losses.smoothness_loss(A, IMAGE[..., 1:]),
    "mask": lambda: losses.consistency_loss(A, NARROW),
}


@table("case", REFUSED)
def test_what_does_not_fit_is_refused(case) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each says what is wrong in its own words
        REFUSED[case]()
