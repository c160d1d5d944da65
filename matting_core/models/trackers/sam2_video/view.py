"""View of a clip by SAM 2.1's network: prompted frames, steps from them, and memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from matting_core.models.trackers.base import Features
from matting_core.models.trackers.sam2_video.frames import LazyImages
from matting_core.models.trackers.sam2_video.model import VideoModel, make_features
from matting_core.models.trackers.video.display_clip import DisplayClip
from matting_core.models.trackers.video.protocol import FramePrompt, Outputs, VideoAnswer, forget

_OBJECT = 0


class Sam2Memory:
    """Memory of one object's pass: the package's state, kept small.

    Args:
        state: the package's `inference_state` with the prompted frame as its only output.
        at: the prompted frame.
    """

    def __init__(self, state: dict[str, Any], at: int) -> None:
        self.state = state
        self.at = at

    @property
    def outputs(self) -> dict[str, Outputs]:
        """Outputs of the prompted frame under `cond_frame_outputs`, later ones beside it."""
        outputs: dict[str, Outputs]
        outputs = self.state["output_dict_per_obj"][_OBJECT]
        return outputs

    def fork(self) -> Sam2Memory:
        """Fork a memory that starts anew from the prompted frame."""
        (anchor,) = self.outputs["cond_frame_outputs"]
        outputs = {
            "cond_frame_outputs": dict(self.outputs["cond_frame_outputs"]),
            "non_cond_frame_outputs": {},
        }
        return Sam2Memory({**self.state, "output_dict_per_obj": {_OBJECT: outputs}}, anchor)


class Sam2View:
    """View of a clip by a network; a frame is encoded once for consecutive requests.

    Args:
        model: the network.
        clip: the clip.
    """

    def __init__(self, model: VideoModel, clip: DisplayClip) -> None:
        self._model = model
        self._predictor = model.predictor
        self._clip = clip
        self._images = LazyImages(clip, model.side)
        # As the package has it: {frame: (image, features)}, of the last frame.
        self._cached: dict[int, Any] = {}
        predictor = model.predictor
        stride = predictor.memory_temporal_stride_for_eval
        self._memories = (predictor.num_maskmem - 1) * stride
        self._pointers = predictor.max_obj_ptrs_in_encoder - 1

    @property
    def side(self) -> int:
        """S, pixels of the network's input."""
        return self._model.side

    def condition(self, frame: int, prompt: FramePrompt) -> tuple[Sam2Memory, VideoAnswer]:
        """Answer a frame's prompt, independently of other frames.

        A mask is taken as it is. Anything beside it corrects it: the network then sees that mask as
        its memory of the object too, as where a user of the package clicks on a tracked frame. A
        point beside a box corrects the answer to the box.
        """
        memory = Sam2Memory(self._make_state(), frame)
        state = memory.state
        with self._model.running():
            self._share_features(state)
            if prompt.mask is not None:
                self._predictor.add_new_mask(state, frame, _OBJECT, torch.from_numpy(prompt.mask))
                if prompt.corrects:
                    self._predictor.propagate_in_video_preflight(state)
                    state["frames_tracked_per_obj"][_OBJECT][frame] = {"reverse": False}
            if prompt.box is not None:
                self._add_prompts(
                    state, frame, box=self._relative([prompt.box[:2], prompt.box[2:]])
                )
            if prompt.points:
                places = self._relative([xy for xy, _ in prompt.points])
                self._add_prompts(state, frame, places, [label for _, label in prompt.points])
            self._predictor.propagate_in_video_preflight(state)
            self._keep_features(state)
            state["mask_inputs_per_obj"][_OBJECT].clear()
            out = memory.outputs["cond_frame_outputs"][frame]
            given = prompt.mask is not None and not prompt.corrects
            return memory, self._make_answer(out, 1.0 if given else self._model.predicted_iou)

    def step(self, memory: Sam2Memory, frame: int) -> VideoAnswer:
        """Find the object on the frame after (or before) the one that `memory` is at."""
        state, outputs = memory.state, memory.outputs
        with self._model.running():
            self._share_features(state)
            out, _ = self._predictor._run_single_frame_inference(
                inference_state=state,
                output_dict=outputs,
                frame_idx=frame,
                batch_size=1,
                is_init_cond_frame=False,
                point_inputs=None,
                mask_inputs=None,
                reverse=frame < memory.at,
                run_mem_encoder=True,
            )
            self._keep_features(state)
            seen = self._make_answer(out, self._model.predicted_iou)
        outputs["non_cond_frame_outputs"][frame] = out
        memory.at = frame
        forget(outputs["non_cond_frame_outputs"], frame, self._memories, self._pointers)
        return seen

    def features(self, frame: int) -> Features:
        """Compute image features of a whole frame; the last frame's are kept."""
        if frame not in self._cached:
            with self._model.running():
                picture = self._images[frame].to(self._model.device)[None]
                self._cached = {frame: (picture, self._predictor.forward_image(picture))}
        return make_features(self._cached[frame][1])

    def _add_prompts(
        self,
        state: dict[str, Any],
        frame: int,
        points: torch.Tensor | None = None,
        labels: list[int] | None = None,
        box: torch.Tensor | None = None,
    ) -> None:
        self._predictor.add_new_points_or_box(
            state,
            frame,
            _OBJECT,
            points=points,
            labels=labels,
            clear_old_points=box is not None,
            normalize_coords=False,
            box=box,
        )

    def _relative(self, places: Sequence[tuple[float, ...]]) -> torch.Tensor:
        """Convert pixels of the frame to [0, 1], rounded as the package rounds them."""
        return torch.tensor(places, dtype=torch.float32) / torch.tensor(self._clip.size)

    def _make_answer(self, out: dict[str, Any], predicted_iou: float) -> VideoAnswer:
        logits = out["pred_masks"][0, 0].float().cpu().numpy()
        return VideoAnswer(logits, predicted_iou, float(out["object_score_logits"]))

    def _share_features(self, state: dict[str, Any]) -> None:
        state["cached_features"] = self._cached

    def _keep_features(self, state: dict[str, Any]) -> None:
        self._cached, state["cached_features"] = state["cached_features"], {}

    def _make_state(self) -> dict[str, Any]:
        """Make the state of the package's `init_state`, but with lazily read frames.

        The video is said to have the decoder's size, so that the package enlarges no mask.
        """
        side, device = self._model.side // 4, self._model.device
        per_object = (
            "point_inputs_per_obj",
            "mask_inputs_per_obj",
            "output_dict_per_obj",
            "temp_output_dict_per_obj",
            "frames_tracked_per_obj",
            "obj_id_to_idx",
            "obj_idx_to_id",
            "constants",
        )
        return {
            "images": self._images,
            "num_frames": len(self._images),
            "video_height": side,
            "video_width": side,
            "device": device,
            "storage_device": device,
            "cached_features": {},
            "obj_ids": [],
            **{key: {} for key in per_object},
        }
