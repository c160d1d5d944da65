"""Detector: the network, run on a window around the mask."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from matting_core.errors import InputError, WeightsError
from matting_core.matte.refining import Refinement
from matting_core.models.devices import forbid_nested_threads, half_precision, memory_guard
from matting_core.models.heads.base import Guide
from matting_core.models.heads.wisp.detection import Detection
from matting_core.models.heads.wisp.mask_error import average, overrule
from matting_core.models.heads.wisp.network import SHARPNESS, WispNet
from matting_core.models.trackers.base import Features
from matting_core.types import Frame8, Plane, Segmentation, Size, TrackState
from matting_core.windows import Window, add_margin, bounding_box, cut_out, resize, snap_to_lattice

_SIDE = 512
_MARGIN = 0.2
_LIMIT = 12.0


class Detector:
    """Detector of alpha's classes: the trained network, and the mask-error network beside it.

    Args:
        weights: its parameters by name.
        device: where it runs.
        progressive: whether it was trained with each scale given the coarser one's alpha.
        mask_error: the mask-error network; see `matting_core.models.heads.wisp.mask_error`.

    Raises:
        WeightsError: the parameters are not this network's.
    """

    def __init__(
        self,
        weights: Mapping[str, torch.Tensor],
        device: torch.device,
        *,
        progressive: bool = True,
        mask_error: Detector | None = None,
    ) -> None:
        self._device, self._mask_error = device, mask_error
        net = WispNet(progressive=progressive)
        try:
            net.load_state_dict(dict(weights))
        except RuntimeError as error:
            raise WeightsError(
                "These weights are not of the head 'wisp'; train it with `wisp train`."
            ) from error
        self._net = net.to(device).to(memory_format=torch.channels_last).eval()

    @classmethod
    def load(
        cls,
        path: Path,
        device: torch.device,
        *,
        progressive: bool = True,
        mask_error: Detector | None = None,
    ) -> Detector:
        """Read weights that `wisp train` wrote.

        Args:
            path: the file.
            device: where the network runs.
            progressive: as in the configuration it was trained with.
            mask_error: the mask-error network, or None.

        Raises:
            WeightsError: the file cannot be read, or holds something else.
        """
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            weights = load_file(path)
        except (OSError, SafetensorError) as error:
            raise WeightsError(f"{path} cannot be read as weights; train them anew.") from error
        return cls(weights, device, progressive=progressive, mask_error=mask_error)

    def detect(self, rgb: Frame8, guide: Guide) -> Detection | None:
        """Detect the classes around the mask; None if the mask is empty.

        Args:
            rgb: (H, W, 3) uint8 sRGB.
            guide: the mask, and how to look at the frame.

        Raises:
            InputError: the guide has no features to look with.
            OutOfMemoryError: the device's memory is full.
        """
        if guide.get_features is None:
            raise InputError("This head needs a tracker with image features; choose another head.")
        size = Size(rgb.shape[1], rgb.shape[0])
        logits = clip_guide_logits(guide)
        window = choose_window(logits, size, guide.refinement)
        if window is None:
            return None
        small = Size(logits.shape[1], logits.shape[0])
        mask = cut_out(logits, window.scale(size, small), _SIDE // 4)
        features = guide.get_features(window, _SIDE)
        with memory_guard(self._device, "in the matting head", "the head 'closed-form'"):
            seen = cut_out(rgb, window, _SIDE)
            found = self._run(window, features, mask, seen)
            if self._mask_error is None:
                return found
            other = self._mask_error._run(window, features, mask, seen)
            if is_accepted_mask(guide.segmentation):
                return average(found, other)
            return overrule(found, other, 1 / (1 + np.exp(-SHARPNESS * mask)))

    @torch.inference_mode()
    def _run(self, window: Window, features: Features, guide: Plane, seen: Frame8) -> Detection:
        forbid_nested_threads()
        levels = (features.stride4, features.stride8, features.stride16)
        f4, f8, f16 = (torch.as_tensor(level, device=self._device) for level in levels)
        mask = torch.from_numpy(guide)[None, None].to(self._device)
        image = torch.from_numpy(seen).to(self._device).permute(2, 0, 1)[None].float() / 255
        with half_precision(self._device):
            prediction = self._net((f4, f8, f16), mask, image)
        classes = torch.softmax(prediction.trimap.float(), 1)[0].cpu().numpy()
        return Detection(
            window,
            background=classes[0],
            unknown=classes[1],
            foreground=classes[2],
            alpha=prediction.alphas[-1][0, 0].float().cpu().numpy(),
            confidence=torch.sigmoid(prediction.confidence.float())[0, 0].cpu().numpy(),
        )


def is_accepted_mask(segmentation: Segmentation) -> bool:
    """Whether a person painted the mask, or it was tracked from one that a person has seen.

    Such a mask may be wrong at its edge, but hardly as a whole, as a box's first answer can be.
    """
    painted = segmentation.confidence >= 1 and segmentation.state is TrackState.PROMPTED
    return painted or segmentation.state is TrackState.TRACKED


def clip_guide_logits(guide: Guide) -> Plane:
    """Clip the mask's logits, (h, w) float32, to the range that the network was trained on.

    A person's trimap, where it is certain, counts for more than the mask.
    """
    segmentation = guide.segmentation
    if segmentation.state is TrackState.LOST:
        return np.full(segmentation.logits.shape, -_LIMIT, np.float32)
    logits = np.clip(segmentation.logits.astype(np.float32), -_LIMIT, _LIMIT)
    if guide.trimap is None:
        return logits
    known = resize(guide.trimap, Size(logits.shape[1], logits.shape[0]))
    return np.where(known >= 1, _LIMIT, np.where(known <= 0, -_LIMIT, logits)).astype(np.float32)


def choose_window(logits: Plane, size: Size, refinement: Refinement | None = None) -> Window | None:
    """Choose the window: the mask's bounds with a margin; None for an empty mask.

    Masks that differ by a little get the same window: what the encoder found
    for one click serves the next, and from frame to frame the picture stays where it is.

    Args:
        logits: (h, w) float32 over the whole frame.
        size: the frame's.
        refinement: a person's strokes; the window takes them in.
    """
    bounds = bounding_box(np.asarray(logits > 0))
    if bounds is None:
        return None
    small = Size(logits.shape[1], logits.shape[0])
    box = bounds.scale(small, size)
    window = snap_to_lattice(add_margin(box, size, _MARGIN), size)
    strokes = None if refinement is None else refinement.bounds()
    if strokes is None or window.contains(strokes):
        return window
    return snap_to_lattice(add_margin(box.unite(strokes), size, _MARGIN), size)
