"""View of a clip by SAM 3: prompted frames, steps from them, and memory."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from transformers.models.sam3_tracker_video.modeling_sam3_tracker_video import (
    Sam3TrackerVideoInferenceCache,
    Sam3TrackerVideoInferenceSession,
)

from matting_core.errors import InputError
from matting_core.models.trackers.base import Features
from matting_core.models.trackers.sam3.network import Instance, Sam3Network, normalise_frame
from matting_core.models.trackers.video.display_clip import DisplayClip
from matting_core.models.trackers.video.protocol import FramePrompt, Outputs, VideoAnswer, forget
from matting_core.types import Size

_OBJECT = 0
_LIMIT = 32.0
_BOX_CORNERS = (2, 3)
_SURELY_THERE = 10.0

Points = dict[str, torch.Tensor]


class Sam3Memory:
    """Memory of one object's pass: the package's session, kept small.

    Args:
        session: the package's inference session with the prompted frame as its only output.
        at: the prompted frame.
    """

    def __init__(self, session: Any, at: int) -> None:  # noqa: ANN401 - transformers has no types
        self.session = session
        self.at = at

    @property
    def outputs(self) -> dict[str, Outputs]:
        """Outputs of the prompted frame under `cond_frame_outputs`, later ones beside it."""
        outputs: dict[str, Outputs]
        outputs = self.session.output_dict_per_obj[_OBJECT]
        return outputs

    def fork(self) -> Sam3Memory:
        """Fork a memory that starts anew from the prompted frame."""
        prompted = self.outputs["cond_frame_outputs"]
        (anchor,) = prompted
        session = copy.copy(self.session)
        session.output_dict_per_obj = {
            _OBJECT: {"cond_frame_outputs": dict(prompted), "non_cond_frame_outputs": {}}
        }
        session.frames_tracked_per_obj = {_OBJECT: {}}
        return Sam3Memory(session, anchor)


class Sam3View:
    """View of a clip by the network; a frame is encoded once for consecutive requests.

    Args:
        network: the network.
        clip: the clip.
    """

    def __init__(self, network: Sam3Network, clip: DisplayClip) -> None:
        self._network = network
        self._clip = clip
        # It keeps one frame.
        self._cache: Any = Sam3TrackerVideoInferenceCache(network.device, network.device)
        self._last: tuple[int, torch.Tensor] | None = None
        config = network.tracker.config
        self._memories = network.tracker.num_maskmem - 1
        self._pointers = config.max_object_pointers_in_encoder - 1

    @property
    def side(self) -> int:
        """S, pixels of the network's input."""
        return self._network.side

    def condition(self, frame: int, prompt: FramePrompt) -> tuple[Sam3Memory, VideoAnswer]:
        """Answer a frame's prompt, independently of other frames.

        A mask is taken as it is, and so is what a text finds. A box or points beside either correct
        it: the network then has that mask as its memory of the object and as a hint.

        Raises:
            InputError: the text finds nothing, or is too long.
        """
        memory = Sam3Memory(self._make_session(), frame)
        with self._network.running():
            encoded = self._encode(frame)
            named = None if prompt.text is None else self._find_named(frame, encoded, prompt)
            mask = prompt.mask if named is None else named.logits > 0
            if mask is None:
                self._add_points(memory, self._points(prompt))
            else:
                self._add_mask(memory, mask)
                if prompt.corrects:
                    self._correct(memory, self._points(prompt))
            if named is not None and not prompt.corrects:
                return memory, VideoAnswer(named.logits, named.score, _SURELY_THERE)
            out = memory.outputs["cond_frame_outputs"][frame]
            given = mask is not None and not prompt.corrects
            return memory, _make_answer(out, 1.0 if given else self._network.predicted_iou)

    def features(self, frame: int) -> Features:
        """Compute image features of a whole frame; the last frame's encoding is kept."""
        with self._network.running():
            return self._network.levels(self._encode(frame))

    def step(self, memory: Sam3Memory, frame: int) -> VideoAnswer:
        """Find the object on the frame after (or before) the one that `memory` is at."""
        with self._network.running():
            self._encode(frame)
            self._network.tracker(memory.session, frame_idx=frame, reverse=frame < memory.at)
            tracked = memory.outputs["non_cond_frame_outputs"]
            seen = _make_answer(tracked[frame], self._network.predicted_iou)
        memory.session.frames_tracked_per_obj[_OBJECT].clear()
        del tracked[frame]["high_res_masks"]
        memory.at = frame
        forget(tracked, frame, self._memories, self._pointers)
        return seen

    def _encode(self, frame: int) -> torch.Tensor:
        """Encode a frame, unless it was the last one; the tracker finds it in its cache."""
        if self._last is None or self._last[0] != frame:
            encoded = self._network.encode(normalise_frame(self._clip.rgb(frame), self.side))
            self._cache.cache_vision_features(frame, self._network.features(encoded))
            self._last = frame, encoded
        return self._last[1]

    def _find_named(self, frame: int, encoded: torch.Tensor, prompt: FramePrompt) -> Instance:
        found = self._network.find(encoded, prompt.text or "")
        if not found:
            raise InputError(
                f"SAM 3 finds nothing on frame {frame} that '{prompt.text}' names; use other "
                "words, another frame, or click on the object."
            )
        return choose_instance(found, prompt, self._clip.size)

    def _add_points(self, memory: Sam3Memory, points: Points) -> None:
        session = memory.session
        session.add_point_inputs(_OBJECT, memory.at, points)
        self._condition(memory)
        session.remove_point_inputs(_OBJECT, memory.at)

    def _add_mask(self, memory: Sam3Memory, mask: npt.NDArray[np.bool_]) -> None:
        session = memory.session
        whole = torch.from_numpy(mask)[None, None].float()
        size = (self.side, self.side)
        scaled = torch.nn.functional.interpolate(
            whole, size, mode="bilinear", align_corners=False, antialias=True
        )
        session.add_mask_inputs(_OBJECT, memory.at, (scaled >= 0.5).float())
        self._condition(memory)
        session.remove_mask_inputs(_OBJECT, memory.at)

    def _condition(self, memory: Sam3Memory) -> None:
        memory.session.obj_with_new_inputs = [_OBJECT]
        self._network.tracker(memory.session, frame_idx=memory.at)
        del memory.outputs["cond_frame_outputs"][memory.at]["high_res_masks"]

    def _correct(self, memory: Sam3Memory, points: Points) -> None:
        """Correct a mask as SAM 2 does on a click; the package's own session cannot do that."""
        tracker, session, frame = self._network.tracker, memory.session, memory.at
        before = memory.outputs["cond_frame_outputs"][frame]["pred_masks"]
        out = tracker._run_single_frame_inference(
            inference_session=session,
            frame_idx=frame,
            obj_idx=_OBJECT,
            batch_size=1,
            is_init_cond_frame=False,
            point_inputs=points,
            mask_inputs=None,
            reverse=False,
            prev_sam_mask_logits=before.clamp(-_LIMIT, _LIMIT),
        )
        session.store_output(_OBJECT, frame, output_value=out, is_conditioning_frame=True)
        tracker._batch_encode_memories(
            inference_session=session,
            frame_idx=frame,
            objects_needing_memory_encoding=[_OBJECT],
            high_res_masks_for_memory=[out["high_res_masks"]],
            object_score_logits_for_memory=[out["object_score_logits"]],
            is_mask_from_pts_per_obj=[True],
        )
        del memory.outputs["cond_frame_outputs"][frame]["high_res_masks"]

    def _points(self, prompt: FramePrompt) -> Points:
        """Convert points and a box's corners to the network's pixels, (1, 1, N, 2) and labels."""
        places = [xy for xy, _ in prompt.points]
        labels = [label for _, label in prompt.points]
        if prompt.box is not None:
            places = [prompt.box[:2], prompt.box[2:], *places]
            labels = [*_BOX_CORNERS, *labels]
        device = self._network.device
        return {
            "point_coords": self._scale(places).to(device)[None, None],
            "point_labels": torch.tensor(labels, dtype=torch.int32, device=device)[None, None],
        }

    def _scale(self, places: Sequence[tuple[float, float]]) -> torch.Tensor:
        scale = torch.tensor([self.side / edge for edge in self._clip.size], dtype=torch.float32)
        return torch.tensor(places, dtype=torch.float32) * scale

    def _make_session(self) -> Any:  # noqa: ANN401 - transformers has no types
        """Make a session without frames: they are encoded here, and it finds them in the cache."""
        device = self._network.device
        session: Any = Sam3TrackerVideoInferenceSession(
            inference_device=device, inference_state_device=device, dtype=torch.float32
        )
        session.cache = self._cache
        session.processed_frames = range(len(self._clip))
        session.obj_id_to_idx(_OBJECT)
        return session


def _make_answer(out: dict[str, Any], predicted_iou: float) -> VideoAnswer:
    logits = out["pred_masks"][0, 0].float().cpu().numpy()
    return VideoAnswer(logits, predicted_iou, float(out["object_score_logits"]))


def choose_instance(found: Sequence[Instance], cues: FramePrompt, size: Size) -> Instance:
    """Return the instance with the most foreground points in it, of equal ones the most certain.

    The middle of a box counts as such a point. Background points choose nothing: they take a part
    away from the object, and must not lead to another one.

    Args:
        found: at least one.
        cues: what was said on the frame.
        size: the frame's size.
    """
    places = [xy for xy, label in cues.points if label == 1]
    if cues.box is not None:
        x0, y0, x1, y1 = cues.box
        places.append(((x0 + x1) / 2, (y0 + y1) / 2))
    return max(found, key=lambda each: (_count_hits(each, places, size), each.score))


def _count_hits(instance: Instance, places: Sequence[tuple[float, float]], size: Size) -> int:
    height, width = instance.logits.shape
    cells = (
        (
            min(height - 1, int(y * height / size.height)),
            min(width - 1, int(x * width / size.width)),
        )
        for x, y in places
    )
    return sum(bool(instance.logits[cell] > 0) for cell in cells)
