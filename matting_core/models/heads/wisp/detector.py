"""Runs the network on a window around the mask."""

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
from matting_core.models.heads.wisp.judge import averaged, overruled
from matting_core.models.heads.wisp.network import SHARPNESS, WispNet
from matting_core.models.trackers.base import Features
from matting_core.types import Frame8, Plane, Segmentation, Size, TrackState
from matting_core.windows import Window, box_of, cut_out, framed, resized, steadied

_SIDE = 512
_MARGIN = 0.2
_LIMIT = 12.0


class Detector:
    """The trained network, and a second one that may overrule it.

    Args:
        weights: its parameters by name.
        device: where it runs.
        progressive: whether it was trained with each scale given the coarser one's alpha.
        judge: a second network, that knows wrong masks; see `matting_core.models.heads.wisp.judge`.

    Raises:
        WeightsError: the parameters are not this network's.
    """

    def __init__(
        self,
        weights: Mapping[str, torch.Tensor],
        device: torch.device,
        *,
        progressive: bool = True,
        judge: Detector | None = None,
    ) -> None:
        self._device, self._judge = device, judge
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
        judge: Detector | None = None,
    ) -> Detector:
        """Read weights that `wisp train` wrote.

        Args:
            path: the file.
            device: where the network runs.
            progressive: as in the configuration it was trained with.
            judge: may overrule it.

        Raises:
            WeightsError: the file cannot be read, or holds something else.
        """
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            weights = load_file(path)
        except (OSError, SafetensorError) as error:
            raise WeightsError(f"{path} cannot be read as weights; train them anew.") from error
        return cls(weights, device, progressive=progressive, judge=judge)

    def detect(self, rgb: Frame8, guide: Guide) -> Detection | None:
        """Look at the mask's surroundings; None if the mask is empty.

        Args:
            rgb: (H, W, 3) uint8 sRGB.
            guide: the mask, and how to look at the frame.

        Raises:
            InputError: the guide has no features to look with.
            OutOfMemoryError: the device's memory is full.
        """
        if guide.look is None:
            raise InputError("This head needs a tracker with image features; choose another head.")
        size = Size(rgb.shape[1], rgb.shape[0])
        logits = guide_logits(guide)
        window = window_of(logits, size, guide.refinement)
        if window is None:
            return None
        small = Size(logits.shape[1], logits.shape[0])
        mask = cut_out(logits, window.scaled(size, small), _SIDE // 4)
        features = guide.look(window, _SIDE)
        with memory_guard(self._device, "in the matting head", "the head 'closed-form'"):
            seen = cut_out(rgb, window, _SIDE)
            found = self._run(window, features, mask, seen)
            if self._judge is None:
                return found
            judged = self._judge._run(window, features, mask, seen)
            if accepted(guide.segmentation):
                return averaged(found, judged)
            return overruled(found, judged, 1 / (1 + np.exp(-SHARPNESS * mask)))

    @torch.inference_mode()
    def _run(self, window: Window, features: Features, guide: Plane, seen: Frame8) -> Detection:
        forbid_nested_threads()
        levels = (features.stride4, features.stride8, features.stride16)
        f4, f8, f16 = (torch.as_tensor(level, device=self._device) for level in levels)
        mask = torch.from_numpy(guide)[None, None].to(self._device)
        image = torch.from_numpy(seen).to(self._device).permute(2, 0, 1)[None].float() / 255
        with half_precision(self._device):
            told = self._net((f4, f8, f16), mask, image)
        classes = torch.softmax(told.trimap.float(), 1)[0].cpu().numpy()
        return Detection(
            window,
            background=classes[0],
            unknown=classes[1],
            foreground=classes[2],
            alpha=told.alphas[-1][0, 0].float().cpu().numpy(),
            confidence=torch.sigmoid(told.confidence.float())[0, 0].cpu().numpy(),
        )


def accepted(segmentation: Segmentation) -> bool:
    """Whether a person painted the mask, or it was tracked from one that a person has seen.

    Such a mask may be wrong at its edge, but hardly as a whole, as a box's first answer can be.
    """
    painted = segmentation.confidence >= 1 and segmentation.state is TrackState.PROMPTED
    return painted or segmentation.state is TrackState.TRACKED


def guide_logits(guide: Guide) -> Plane:
    """The mask's logits, (h, w) float32, as the network was trained on them.

    A person's trimap, where it is certain, counts for more than the mask.
    """
    segmentation = guide.segmentation
    if segmentation.state is TrackState.LOST:
        return np.full(segmentation.logits.shape, -_LIMIT, np.float32)
    logits = np.clip(segmentation.logits.astype(np.float32), -_LIMIT, _LIMIT)
    if guide.trimap is None:
        return logits
    known = resized(guide.trimap, Size(logits.shape[1], logits.shape[0]))
    return np.where(known >= 1, _LIMIT, np.where(known <= 0, -_LIMIT, logits)).astype(np.float32)


def window_of(logits: Plane, size: Size, refinement: Refinement | None = None) -> Window | None:
    """Where to look: the mask's bounds with a margin; None for an empty mask.

    Masks that differ by a little are looked at through the same window: what the encoder found
    for one click serves the next, and from frame to frame the picture stays where it is.

    Args:
        logits: (h, w) float32 over the whole frame.
        size: the frame's.
        refinement: a person's strokes; the window takes them in.
    """
    bounds = box_of(np.asarray(logits > 0))
    if bounds is None:
        return None
    small = Size(logits.shape[1], logits.shape[0])
    box = bounds.scaled(small, size)
    window = steadied(framed(box, size, _MARGIN), size)
    strokes = None if refinement is None else refinement.bounds()
    if strokes is None or window.holds(strokes):
        return window
    return steadied(framed(box.joined(strokes), size, _MARGIN), size)
