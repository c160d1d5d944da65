"""Methods that are compared: heads, parts of heads, and heads trained differently."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from matting_core.errors import InputError
from matting_core.models.heads.base import Guide, MattingHead
from matting_core.models.heads.closed_form import ClosedFormHead
from matting_core.models.heads.mask import MaskHead
from matting_core.types import DeviceChoice, Frame8, Matte

if TYPE_CHECKING:
    from matting_core.models.heads.wisp.head import HeadPart

Build = Callable[[DeviceChoice, Path | None], MattingHead]

_SUFFIX = ".safetensors"
_NOT_PROGRESSIVE = "no-progressive"
_TITLES = {
    _NOT_PROGRESSIVE: "no progressive scales",
    "no-consistency": "no consistency loss",
    "no-smoothness": "no smoothness loss",
    "baseline": "baseline of the ablations",
}


@dataclass(frozen=True, slots=True)
class Method:
    """Matting method, one row of the tables.

    Attributes:
        name: what it is asked for by.
        title: what its line in a table is headed with.
        build: makes the head; the file, if there is one, takes the place of the shipped weights.
        needs_weights: whether it is made of the shipped weights or that file.
        file: weights of its own, which nothing takes the place of.
    """

    name: str
    title: str
    build: Build
    needs_weights: bool = False
    file: Path | None = None


class MaskWithTrimap:
    """Head that takes the mask as alpha, and a trimap where that is certain."""

    def __init__(self) -> None:
        self._head = MaskHead()

    def matte(self, rgb: Frame8, guide: Guide) -> Matte:
        """See `MattingHead.matte`; where the trimap is 0 or 1, so is alpha."""
        matte = self._head.matte(rgb, guide)
        trimap = guide.trimap
        if trimap is None:
            return matte
        known = (trimap == 0) | (trimap == 1)
        return dataclasses.replace(matte, alpha=np.where(known, trimap, matte.alpha))


def ablation_methods(folder: Path) -> tuple[Method, ...]:
    """List a method for each file of weights in a folder, by name.

    Raises:
        InputError: the folder is missing or holds none, or a file is called like another row.
    """
    files = sorted(folder.glob(f"*{_SUFFIX}"))
    if not files:
        raise InputError(f"{folder} holds no weights (*{_SUFFIX}); give the ablations' folder.")
    for path in files:
        if any(row.name == path.stem for row in METHODS):
            raise InputError(f"{path} is called like a row that is there already; rename it.")
    return tuple(_make_ablation_method(path) for path in files)


def all_methods(ablations: Path | None) -> tuple[Method, ...]:
    """List the built-in methods, then the ones of the ablations' folder.

    Raises:
        InputError: see `ablation_methods`.
    """
    return METHODS if ablations is None else (*METHODS, *ablation_methods(ablations))


def pick_methods(rows: Sequence[Method], names: Sequence[str]) -> tuple[Method, ...]:
    """Pick methods by name, in their usual order.

    Raises:
        InputError: a name is unknown.
    """
    known = [row.name for row in rows]
    for name in names:
        if name not in known:
            raise InputError(f"There is no row called '{name}'; choose from {', '.join(known)}.")
    return tuple(row for row in rows if row.name in names)


def _make_ablation_method(path: Path) -> Method:
    def build(device: DeviceChoice, _weights: Path | None) -> MattingHead:
        from matting_core.models.devices import choose_device
        from matting_core.models.heads.wisp.detector import Detector
        from matting_core.models.heads.wisp.head import WispHead

        progressive = path.stem != _NOT_PROGRESSIVE
        return WispHead(Detector.load(path, choose_device(device), progressive=progressive))

    title = _TITLES.get(path.stem, path.stem.replace("-", " "))
    return Method(path.stem, f"wisp, {title}", build, file=path)


def _build_closed_form_roi(device: DeviceChoice, weights: Path | None) -> MattingHead:
    from matting_core.models.heads.closed_form_roi import ClosedFormRoiHead
    from matting_core.models.heads.wisp import load_detector

    return ClosedFormRoiHead(load_detector(device, weights))


def _wisp_without(*parts: HeadPart, with_mask_error: bool = True) -> Build:
    def build(device: DeviceChoice, weights: Path | None) -> MattingHead:
        from matting_core.models.heads.wisp import load_detector
        from matting_core.models.heads.wisp.head import HeadOptions, WispHead

        detector = load_detector(device, weights, with_mask_error=with_mask_error)
        return WispHead(detector, HeadOptions(without=frozenset(parts)))

    return build


METHODS: tuple[Method, ...] = (
    Method("mask", "mask alone", lambda _device, _weights: MaskWithTrimap()),
    Method("closed-form", "closed form", lambda _device, _weights: ClosedFormHead()),
    Method("closed-form-roi", "closed form in the learned ROI", _build_closed_form_roi, True),
    Method("wisp", "wisp", _wisp_without(), True),
    Method("wisp-no-judge", "wisp, no judge", _wisp_without(with_mask_error=False), True),
    Method("wisp-band", "wisp, band for ROI", _wisp_without("detector"), True),
    Method("wisp-no-native", "wisp, no native stage", _wisp_without("native"), True),
)
"""Built-in methods, which need no weights but the head's own."""

REFERENCE = "closed-form"
"""Method that a matte is compared with to count as spoiled."""
