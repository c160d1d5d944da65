"""TrainingTask that trains the propagation network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from matting_core.errors import InputError
from matting_core.models.trackers.sam2_tiny_flow.network import PropagationNet
from matting_core.training.propagation.episodes import FrameSample
from matting_core.training.propagation.losses import belief_loss, outline_loss, soft_iou_loss

_BELIEF_WEIGHT = 0.2


class PropagationTask:
    """Trains `PropagationNet`.

    Args:
        start: weights to start from; none for fresh ones.
    """

    def __init__(self, start: Path | None = None) -> None:
        self._start = start

    def build(self) -> nn.Module:
        """See `TrainingTask.build`.

        Raises:
            InputError: the weights to start from are missing, damaged or of another network.
        """
        net = PropagationNet()
        if self._start is not None:
            net.load_state_dict(read_weights(self._start))
        return net

    def losses(self, net: nn.Module, batch: FrameSample) -> Mapping[str, Tensor]:
        """See `TrainingTask.losses`."""
        logits, belief = net(batch.inputs, [batch.anchor], batch.later)
        logits, belief = logits.float(), belief.float()
        return {
            "outline": outline_loss(logits, batch.truth),
            "iou": soft_iou_loss(logits, batch.truth),
            "belief": _BELIEF_WEIGHT * belief_loss(belief, logits, batch.truth),
        }


def read_weights(path: Path) -> dict[str, Tensor]:
    """Read the network's parameters by name from a file that `wisp train` wrote.

    Raises:
        InputError: the file is missing, damaged or of another network.
    """
    try:
        weights = load_file(path)
    except (OSError, SafetensorError):
        raise InputError(
            f"{path} holds no weights; name a file that `wisp train` wrote in 'rollout_weights'."
        ) from None
    wanted = PropagationNet().state_dict()
    fits = weights.keys() == wanted.keys() and all(
        weights[name].shape == value.shape for name, value in wanted.items()
    )
    if not fits:
        raise InputError(
            f"{path} holds another network's weights; name those of the tracker's network in "
            "'rollout_weights'."
        )
    return weights
