"""Values that several tests of the core need."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.document import edits
from matting_core.document.project import Clip, Project, Settings
from matting_core.document.prompts import BoxPrompt, MaskPrompt, Prompt
from matting_core.errors import InputError
from matting_core.media.masks import encode_mask
from matting_core.types import Matte, ObjectId, Segmentation, Size, TrackState

ONE, TWO = ObjectId(1), ObjectId(2)
SIZE = Size(64, 48)
FAKE = Settings("fake", "mask")
BOX = (10.0, 12.0, 40.0, 36.0)


def a_clip(length: int = 12, size: Size = SIZE, fingerprint: str = "f" * 32) -> Clip:
    return Clip("/clips/disc.mp4", fingerprint, size, length, Fraction(24))


def a_project(
    *prompts: Prompt, clip: Clip | None = None, settings: Settings = FAKE, objects: int = 1
) -> Project:
    """A project with the prompts on object 1 (a box on frame 0 without any)."""
    project = edits.set_clip(Project(settings=settings), clip or a_clip())
    for _ in range(objects):
        project = edits.add_object(project)
    return edits.add_prompts(project, ONE, prompts or (a_box(0),))


def a_box(frame: int, xyxy: tuple[float, float, float, float] = BOX) -> BoxPrompt:
    return BoxPrompt(frame, xyxy)


def a_mask(frame: int, size: Size = SIZE, box: Sequence[float] = BOX) -> MaskPrompt:
    plane = np.zeros(size.hw, np.float32)
    x0, y0, x1, y1 = (int(value) for value in box)
    plane[y0:y1, x0:x1] = 1
    return MaskPrompt(frame, encode_mask(plane))


def segmentation_of(
    mask: npt.NDArray[np.generic], state: TrackState = TrackState.TRACKED
) -> Segmentation:
    """Logits of +-10 from an (h, w) mask in [0, 1]."""
    logits = ((mask.astype(np.float32) - 0.5) * 20).astype(np.float16)
    return Segmentation(logits, 0.0 if state is TrackState.LOST else 0.9, state)


def lost(hw: tuple[int, int]) -> Segmentation:
    return segmentation_of(np.zeros(hw), TrackState.LOST)


def a_matte(seed: int = 0, hw: tuple[int, int] = SIZE.hw) -> Matte:
    planes = np.random.default_rng(seed).random((3, *hw), np.float32)
    return Matte(*planes)


def a_disc_with_strands() -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """A picture of a disc with strands, its alpha, and the mask of the disc alone."""
    size = Size(240, 180)
    y, x = np.mgrid[0 : size.height, 0 : size.width] + 0.5
    body = np.clip((45 - np.hypot(x - 90, y - 90)) / 2 + 0.5, 0, 1)
    strands = np.zeros(size.hw, np.uint8)
    for step in range(-3, 4):
        cv2.line(strands, (128, 90 + step * 5), (190, 90 + step * 11), 255, 2, cv2.LINE_AA)
    alpha = np.maximum(body, strands / 255)[..., None]
    picture = alpha * np.array([215, 160, 70]) + (1 - alpha) * np.array([50, 80, 120])
    return np.rint(picture).astype(np.uint8), alpha[..., 0], (body > 0.5).astype(np.float32)


class ArraySource:
    """Pictures in memory as a `FrameSource`; counts what is read."""

    def __init__(self, pictures: Sequence[npt.NDArray[np.uint8]], fingerprint: str = "f" * 32):
        self._pictures = list(pictures)
        self.fingerprint = fingerprint
        self.path, self.first_number, self.transfer = "/clips/memory", 0, "srgb"
        self.rate = Fraction(24)
        self.reads: list[int] = []
        self.closed = 0

    @property
    def size(self) -> Size:
        height, width = self._pictures[0].shape[:2]
        return Size(width, height)

    def __len__(self) -> int:
        return len(self._pictures)

    def read(self, index: int) -> npt.NDArray[np.uint8]:
        if not 0 <= index < len(self):
            raise InputError(f"Frame {index} is outside the clip.")
        self.reads.append(index)
        picture = self._pictures[index].copy()
        picture.flags.writeable = False
        return picture

    def time(self, index: int) -> Fraction:
        return index / self.rate

    def close(self) -> None:
        self.closed += 1


def flat_source(frames: int = 12, size: Size = SIZE) -> ArraySource:
    return ArraySource([np.full((*size.hw, 3), 10 * i % 250, np.uint8) for i in range(frames)])
