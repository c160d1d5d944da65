"""One clip through SAM 3: prompted frames, steps away from them, and what is remembered."""

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
from matting_core.models.trackers.sam3.frames import normalised
from matting_core.models.trackers.sam3.instances import chosen
from matting_core.models.trackers.sam3.network import Instance, Sam3Network
from matting_core.models.trackers.video.clip import Clip
from matting_core.models.trackers.video.cues import Cues, Outputs, Seen, forget

_OBJECT = 0
_LIMIT = 32.0
_BOX_CORNERS = (2, 3)
_SURELY_THERE = 10.0

Points = dict[str, torch.Tensor]


class Memory:
    """What one object's pass carries from frame to frame: the package's session, kept small.

    Args:
        session: the package's inference session with the prompted frame as its only output.
        at: the prompted frame.
    """

    def __init__(self, session: Any, at: int) -> None:  # noqa: ANN401 - transformers has no types
        self.session = session
        self.at = at

    @property
    def outputs(self) -> dict[str, Outputs]:
        """The prompted frame's output under `cond_frame_outputs`, later ones beside it."""
        outputs: dict[str, Outputs]
        outputs = self.session.output_dict_per_obj[_OBJECT]
        return outputs

    def fork(self) -> Memory:
        """A memory that starts anew from the same prompted frame."""
        prompted = self.outputs["cond_frame_outputs"]
        (anchor,) = prompted
        session = copy.copy(self.session)
        session.output_dict_per_obj = {
            _OBJECT: {"cond_frame_outputs": dict(prompted), "non_cond_frame_outputs": {}}
        }
        session.frames_tracked_per_obj = {_OBJECT: {}}
        return Memory(session, anchor)


class View:
    """Runs the network over a clip; a frame is encoded once for all that is asked of it in a row.

    Args:
        network: the network.
        clip: the clip.
    """

    def __init__(self, network: Sam3Network, clip: Clip) -> None:
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

    def condition(self, frame: int, cues: Cues) -> tuple[Memory, Seen]:
        """Answer cues on one frame, with no other frame in mind.

        A mask is taken as it is, and so is what a text finds. A box or points beside either correct
        it: the network then has that mask as its memory of the object and as a hint.

        Raises:
            InputError: the text finds nothing, or is too long.
        """
        memory = Memory(self._fresh_session(), frame)
        with self._network.running():
            encoded = self._look(frame)
            named = None if cues.text is None else self._named(frame, encoded, cues)
            mask = cues.mask if named is None else named.logits > 0
            if mask is None:
                self._ask(memory, self._points(cues))
            else:
                self._give(memory, mask)
                if cues.corrects:
                    self._correct(memory, self._points(cues))
            if named is not None and not cues.corrects:
                return memory, Seen(named.logits, named.score, _SURELY_THERE)
            out = memory.outputs["cond_frame_outputs"][frame]
            given = mask is not None and not cues.corrects
            return memory, _seen(out, 1.0 if given else self._network.predicted_iou)

    def features(self, frame: int) -> Features:
        """Image features of a whole frame, which is not encoded again if it was the last."""
        with self._network.running():
            return self._network.levels(self._look(frame))

    def step(self, memory: Memory, frame: int) -> Seen:
        """Find the object on the frame after (or before) the one that `memory` is at."""
        with self._network.running():
            self._look(frame)
            self._network.tracker(memory.session, frame_idx=frame, reverse=frame < memory.at)
            tracked = memory.outputs["non_cond_frame_outputs"]
            seen = _seen(tracked[frame], self._network.predicted_iou)
        memory.session.frames_tracked_per_obj[_OBJECT].clear()
        del tracked[frame]["high_res_masks"]
        memory.at = frame
        forget(tracked, frame, self._memories, self._pointers)
        return seen

    def _look(self, frame: int) -> torch.Tensor:
        """Encode a frame, unless it is the last one that was; the tracker finds it in its cache."""
        if self._last is None or self._last[0] != frame:
            encoded = self._network.encode(normalised(self._clip.rgb(frame), self.side))
            self._cache.cache_vision_features(frame, self._network.features(encoded))
            self._last = frame, encoded
        return self._last[1]

    def _named(self, frame: int, encoded: torch.Tensor, cues: Cues) -> Instance:
        found = self._network.find(encoded, cues.text or "")
        if not found:
            raise InputError(
                f"SAM 3 finds nothing on frame {frame} that '{cues.text}' names; use other words, "
                "another frame, or click on the object."
            )
        return chosen(found, cues, self._clip.size)

    def _ask(self, memory: Memory, points: Points) -> None:
        session = memory.session
        session.add_point_inputs(_OBJECT, memory.at, points)
        self._condition(memory)
        session.remove_point_inputs(_OBJECT, memory.at)

    def _give(self, memory: Memory, mask: npt.NDArray[np.bool_]) -> None:
        session = memory.session
        whole = torch.from_numpy(mask)[None, None].float()
        size = (self.side, self.side)
        scaled = torch.nn.functional.interpolate(
            whole, size, mode="bilinear", align_corners=False, antialias=True
        )
        session.add_mask_inputs(_OBJECT, memory.at, (scaled >= 0.5).float())
        self._condition(memory)
        session.remove_mask_inputs(_OBJECT, memory.at)

    def _condition(self, memory: Memory) -> None:
        memory.session.obj_with_new_inputs = [_OBJECT]
        self._network.tracker(memory.session, frame_idx=memory.at)
        del memory.outputs["cond_frame_outputs"][memory.at]["high_res_masks"]

    def _correct(self, memory: Memory, points: Points) -> None:
        """As for a click on a tracked frame in SAM 2; the package's own session cannot do that."""
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

    def _points(self, cues: Cues) -> Points:
        """Points and a box's corners in pixels of the network's input, (1, 1, N, 2) and labels."""
        places = [xy for xy, _ in cues.points]
        labels = [label for _, label in cues.points]
        if cues.box is not None:
            places = [cues.box[:2], cues.box[2:], *places]
            labels = [*_BOX_CORNERS, *labels]
        device = self._network.device
        return {
            "point_coords": self._scaled(places).to(device)[None, None],
            "point_labels": torch.tensor(labels, dtype=torch.int32, device=device)[None, None],
        }

    def _scaled(self, places: Sequence[tuple[float, float]]) -> torch.Tensor:
        scale = torch.tensor([self.side / edge for edge in self._clip.size], dtype=torch.float32)
        return torch.tensor(places, dtype=torch.float32) * scale

    def _fresh_session(self) -> Any:  # noqa: ANN401 - transformers has no types
        """A session that knows no frames: they are encoded here, and it finds them in the cache."""
        device = self._network.device
        session: Any = Sam3TrackerVideoInferenceSession(
            inference_device=device, inference_state_device=device, dtype=torch.float32
        )
        session.cache = self._cache
        session.processed_frames = range(len(self._clip))
        session.obj_id_to_idx(_OBJECT)
        return session


def _seen(out: dict[str, Any], predicted_iou: float) -> Seen:
    logits = out["pred_masks"][0, 0].float().cpu().numpy()
    return Seen(logits, predicted_iou, float(out["object_score_logits"]))
