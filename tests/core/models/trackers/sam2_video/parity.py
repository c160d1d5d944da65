"""Our tracker and the package's own predictor side by side, with the same drawn weights.

Run `python -m tests.core.models.trackers.sam2_video.parity --side 1024 --frames 30` for the true
size, and with `--side 256 --memory` to see that long clips take no more memory than short ones.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from PIL import Image

from matting_core.document.prompts import BoxPrompt, Label, MaskPrompt, PointPrompt, Prompt
from matting_core.media.masks import encode_mask
from matting_core.memory import peak_memory_bytes
from matting_core.models.trackers.sam2_video.model import VideoModel, build_predictor
from matting_core.models.trackers.sam2_video.tracker import Sam2Video
from matting_core.types import FrameRange, Size
from tests.core.factories import ONE, ArraySource
from tests.core.models.trackers.sam2_video.networks import CPU, TINY, drawn, official

SIZE = Size(128, 96)
_LENGTHS = (40, 200, 400)
Logits = dict[int, np.ndarray]


@dataclass(frozen=True)
class Case:
    """Prompts on one frame, and which way to go from it."""

    name: str
    prompts: tuple[Prompt, ...]
    reverse: bool = False


def cases(frames: int) -> tuple[Case, ...]:
    """A box with points forwards, a corrected mask back from the end, a point from the middle."""
    last, middle = frames - 1, frames // 2
    box, inside, outside = (30.0, 20.0, 80.0, 70.0), (52.5, 41.0), (35.0, 66.0)
    plane = np.zeros(SIZE.hw, np.float32)
    plane[20:60, 40:90] = 1
    corner = PointPrompt(last, (85, 25), Label.BACKGROUND)
    return (
        Case("box and points", (BoxPrompt(0, box), *_points(0, inside, outside))),
        Case("corrected mask", (MaskPrompt(last, encode_mask(plane)), corner), reverse=True),
        Case("one point", (PointPrompt(middle, inside),)),
    )


def pictures(folder: Path, frames: int) -> list[np.ndarray]:
    """Write moving texture as the JPEGs that the package reads, and return their pixels."""
    rng = np.random.default_rng(3)
    texture = cv2.resize(rng.integers(0, 256, (40, 60, 3), np.uint8), (480, 320))
    found = []
    for frame in range(frames):
        part = texture[frame * 2 : frame * 2 + SIZE.height, frame * 4 : frame * 4 + SIZE.width]
        picture = np.ascontiguousarray(part)
        cv2.circle(picture, (40 + 2 * frame, 48), 18, (250, 200, 40), -1)
        path = folder / f"{frame:05d}.jpg"
        Image.fromarray(picture).save(path)
        found.append(np.array(Image.open(path)))
    return found


def by_package(predictor: Any, folder: Path, case: Case) -> Logits:
    """The package's low-resolution logits of a pass, float32."""
    state = predictor.init_state(str(folder))
    frame = case.prompts[0].frame
    for prompt in case.prompts:
        match prompt:
            case MaskPrompt(_, png):
                mask = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE) > 127
                predictor.add_new_mask(state, frame, 1, mask)
                # Visit the frame, so that what follows corrects it.
                list(predictor.propagate_in_video(state, frame, 0))
            case BoxPrompt(_, xyxy):
                predictor.add_new_points_or_box(state, frame, 1, box=xyxy)
    points = [prompt for prompt in case.prompts if isinstance(prompt, PointPrompt)]
    if points:
        places, labels = [p.xy for p in points], [int(p.label) for p in points]
        predictor.add_new_points_or_box(state, frame, 1, places, labels, clear_old_points=False)
    for _ in predictor.propagate_in_video(state, frame, reverse=case.reverse):
        pass
    outputs = state["output_dict_per_obj"][0]
    every = {**outputs["non_cond_frame_outputs"], **outputs["cond_frame_outputs"]}
    return {key: out["pred_masks"][0, 0].float().numpy() for key, out in every.items()}


def by_wisp(model: VideoModel, rgb: Sequence[np.ndarray], case: Case) -> Logits:
    """Ours of the same frames, float16."""
    tracker = Sam2Video(model, model)
    tracker.open(ArraySource(rgb))
    anchor = case.prompts[0].frame
    frames = FrameRange(0, anchor + 1) if case.reverse else FrameRange(anchor, len(rgb))
    steps = tracker.track({ONE: tuple(case.prompts)}, frames, lambda *_: None)
    return {step.frame: step.segmentation.logits for step in steps}


class Drifting(ArraySource):
    """One picture that moves on, so that a clip of any length takes no more memory."""

    def __init__(self, frames: int) -> None:
        rng = np.random.default_rng(3)
        picture = cv2.resize(rng.integers(0, 256, (12, 16, 3), np.uint8), tuple(SIZE))
        super().__init__([cv2.circle(picture, (52, 48), 18, (250, 200, 40), -1)] * frames)

    def read(self, index: int) -> np.ndarray:
        """The picture, two pixels further with every frame."""
        return np.roll(super().read(index), 2 * index, axis=1)


def peak_of(side: int, frames: int) -> int:
    """Bytes that this process has taken at most, after one of our runs whose results are dropped.

    Args:
        side: the network's input.
        frames: the length of the clip, all of which is tracked from its first frame.
    """
    model = VideoModel(drawn(build_predictor(TINY, side, CPU)), half=False)
    tracker = Sam2Video(model, model)
    tracker.open(Drifting(frames))
    prompts = {ONE: tuple(cases(frames)[0].prompts)}
    steps = sum(1 for _ in tracker.track(prompts, FrameRange(0, frames), lambda *_: None))
    if steps != frames:
        raise ValueError(f"{steps} frames instead of {frames} were tracked")
    return peak_memory_bytes()


def difference(ours: Logits, theirs: Logits) -> float:
    """The largest, between our float16 and theirs rounded to it."""
    if set(ours) != set(theirs):
        raise ValueError(f"frames differ: {sorted(ours)} and {sorted(theirs)}")
    rounded = {key: np.clip(value, -32, 32).astype(np.float16) for key, value in theirs.items()}
    return max(float(np.abs(ours[key] - rounded[key]).max()) for key in ours)


def _points(frame: int, inside: Any, outside: Any) -> tuple[PointPrompt, ...]:
    return PointPrompt(frame, inside), PointPrompt(frame, outside, Label.BACKGROUND)


def _tell_memory(side: int) -> None:
    """Each run has a process of its own, since a peak never falls."""
    with get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        peaks = pool.imap(partial(peak_of, side), _LENGTHS, chunksize=1)
        for frames, peak in zip(_LENGTHS, peaks, strict=True):
            print(f"{frames} frames: peak memory {peak / 1e6:.1f} MB", flush=True)


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--side", type=int, default=1024)
    parser.add_argument("--frames", type=int, default=30)
    parser.add_argument("--cases", type=int, nargs="*", default=[0, 1, 2])
    parser.add_argument("--half", action="store_true", help="both in bfloat16")
    parser.add_argument("--memory", action="store_true", help="only our memory, by length of clip")
    args = parser.parse_args()
    if args.memory:
        _tell_memory(args.side)
        return
    model = VideoModel(drawn(build_predictor(TINY, args.side, CPU)), half=args.half)
    with tempfile.TemporaryDirectory() as folder:
        rgb = pictures(Path(folder), args.frames)
        for index in args.cases:
            case, began = cases(args.frames)[index], time.perf_counter()
            ours = by_wisp(model, rgb, case)
            between = time.perf_counter()
            with torch.autocast("cpu", torch.bfloat16) if args.half else nullcontext():
                theirs = by_package(official(args.side), Path(folder), case)
            ended = time.perf_counter()
            inside = [float((each > 0).mean()) for each in ours.values()]
            print(
                f"{case.name}: {len(ours)} frames, difference {difference(ours, theirs)}, "
                f"covered {min(inside):.3f} to {max(inside):.3f}, "
                f"seconds {between - began:.1f} ours, {ended - between:.1f} theirs",
                flush=True,
            )


if __name__ == "__main__":
    _main()
