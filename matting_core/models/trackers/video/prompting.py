"""Conversion of document prompts for the network, and of its answer to a segmentation."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from matting_core.document.prompts import BoxPrompt, MaskPrompt, PointPrompt, Prompt, TextPrompt
from matting_core.errors import InputError
from matting_core.matte.guides import mask_to_logits
from matting_core.media.masks import decode_mask
from matting_core.models.trackers.video.protocol import FramePrompt, VideoAnswer
from matting_core.types import Segmentation, Size, TrackState

_LIMIT = 32.0
_INSIDE = 0.5


def merge_prompts(prompts: Sequence[Prompt], size: Size) -> FramePrompt:
    """Merge the prompts of one frame; of several boxes or masks the last counts.

    Args:
        prompts: the frame's prompts.
        size: the frame's size.

    Raises:
        InputError: there are a mask and a text, which both say what the object is.
    """
    masks = [p for p in prompts if isinstance(p, MaskPrompt)]
    boxes = [p for p in prompts if isinstance(p, BoxPrompt)]
    points = [(p.xy, int(p.label)) for p in prompts if isinstance(p, PointPrompt)]
    texts = [p.text for p in prompts if isinstance(p, TextPrompt)]
    if masks and texts:
        raise InputError(
            f"Frame {masks[-1].frame} has both a mask and the text '{texts[-1]}'; delete one of "
            "the two."
        )
    mask = decode_mask(masks[-1].png, size) >= _INSIDE if masks else None
    box = boxes[-1].xyxy if boxes else None
    return FramePrompt(mask, box, points, texts[-1] if texts else None)


def take_mask(prompts: Sequence[Prompt], size: Size) -> Segmentation | None:
    """Take a mask alone as the answer, finer than the decoder's; None with other prompts."""
    masks = [p for p in prompts if isinstance(p, MaskPrompt)]
    if len(masks) < len(prompts):
        return None
    logits = mask_to_logits(decode_mask(masks[-1].png, size))
    return Segmentation(logits, 1.0, TrackState.PROMPTED)


def make_mask_prompt(segmentation: Segmentation, side: int) -> FramePrompt:
    """Make an (S, S) mask prompt of a segmentation."""
    logits = segmentation.logits.astype(np.float32)
    return FramePrompt(mask=cv2.resize(logits, (side, side), interpolation=cv2.INTER_LINEAR) > 0)


def make_segmentation(answer: VideoAnswer, *, prompted: bool) -> Segmentation:
    """Make a segmentation of the network's answer.

    The confidence is the predicted IoU times the probability that the object is there at all.
    """
    lost = answer.object_score <= 0 and not prompted
    logits = np.clip(answer.logits, -_LIMIT, _LIMIT).astype(np.float16)
    presence = 1 / (1 + math.exp(-max(-_LIMIT, answer.object_score)))
    confidence = min(1.0, max(0.0, answer.predicted_iou)) * presence
    if lost:
        return Segmentation(logits, 0.0, TrackState.LOST)
    return Segmentation(logits, confidence, TrackState.PROMPTED if prompted else TrackState.TRACKED)
