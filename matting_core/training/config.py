"""Configuration of a training run, read from a TOML file and checked before anything starts."""

from __future__ import annotations

import dataclasses
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self, TypeVar, get_type_hints

from matting_core.errors import InputError
from matting_core.training.datasets import Dataset
from matting_core.training.guides import Damage
from matting_core.training.render.samples import Mix

TrainedHead = Literal["wisp", "sam2matting"]
TrainedNetwork = Literal["head", "follower"]
Precision = Literal["bf16", "fp32"]
Side = Literal[512, 1024]
RecordT = TypeVar("RecordT")

_COUNTS = ("picture", "first", "capacity", "validation", "steps", "batch", "every")
_FROM_ONE = frozenset({*_COUNTS, "width", "height", "frames"})
"""Keys of counts that make no sense at 0."""
_SMALLEST_CLIP = 64


@dataclass(frozen=True, slots=True)
class Examples:
    """Settings of the examples that are made of pictures (see `matting_core.training.examples`).

    Attributes:
        picture: side of the rendered pictures, pixels.
        side: the encoder's input, 512 or 1024.
        first: how many must be there before training starts.
        capacity: how many are made in all; the producer goes on beside the training until then.
        validation: how many of held-out subjects, made first.
        validation_mix: the kinds' shares in those.
        threads: of the producer; 0 leaves torch's own choice.
    """

    picture: int = 768
    side: Side = 512
    first: int = 256
    capacity: int = 4000
    validation: int = 96
    threads: int = 1
    mix: Mix = field(default_factory=Mix)
    validation_mix: Mix = field(default_factory=Mix)
    damage: Damage = field(default_factory=Damage)


@dataclass(frozen=True, slots=True)
class Clips:
    """Settings of the clips for the propagation network (see `matting_core.training.propagation`).

    Attributes:
        width: of the frames, pixels.
        height: of the frames, pixels.
        frames: in each clip.
        first_steps: steps of a first stage, on clips tracked by the untrained network; 0 leaves
            that stage out.

    Raises:
        InputError: a clip is too short or too small to follow anything in.
    """

    width: int = 854
    height: int = 480
    frames: int = 8
    first_steps: int = 0

    def __post_init__(self) -> None:
        if self.frames < 2:
            raise InputError(f"'frames' must be at least 2, not {self.frames}.")
        if min(self.width, self.height) < _SMALLEST_CLIP:
            small = "width" if self.width < _SMALLEST_CLIP else "height"
            raise InputError(
                f"'{small}' must be at least {_SMALLEST_CLIP}, not {min(self.width, self.height)}."
            )


@dataclass(frozen=True, slots=True)
class Optimisation:
    """Settings of AdamW, its schedule and its precision.

    Attributes:
        steps: in all.
        batch: examples a step and process.
        learning_rate: the highest, after the warm-up; then it falls along a cosine to 0.
        warmup: steps over which it rises from 0.
        weight_decay: of AdamW.
        ema: decay of the moving average of the weights, which is what is validated and shipped.
        clip: largest norm of the gradient.
        precision: of the network's forward pass; weights and losses are float32.
        threads: of torch; 0 leaves its own choice.
        wrong_masks: share of the examples with a wrong guide mask that is trained on; the fewer,
            the more the network trusts the mask.

    Raises:
        InputError: `wrong_masks` is above 1.
    """

    steps: int = 4000
    batch: int = 8
    learning_rate: float = 2e-3
    warmup: int = 100
    weight_decay: float = 1e-2
    ema: float = 0.995
    clip: float = 1.0
    precision: Precision = "bf16"
    threads: int = 0
    wrong_masks: float = 1.0

    def __post_init__(self) -> None:
        if self.wrong_masks > 1:
            raise InputError(f"'wrong_masks' is a share from 0 to 1, not {self.wrong_masks!r}.")


@dataclass(frozen=True, slots=True)
class LossWeights:
    """Factors of the losses; 0 leaves one out.

    Attributes:
        trimap: the three classes (the ROI's loss for the published layout).
        alpha: eq. 10, all scales.
        consistency: eq. 11, against the guide mask where that is right.
        smoothness: edge-aware total variation where the truth is settled.
        gradient: of the finest alpha.
        confidence: of the confidence map.
        focus: gamma of the three classes' focal loss; 0 keeps probabilities calibrated.
        unknown: weight of the class "unknown" against 1 for the others.

    Raises:
        InputError: `focus` is between 0 and 1, where the focal loss has no gradient at 0.
    """

    trimap: float = 1.0
    alpha: float = 0.15
    consistency: float = 0.1
    smoothness: float = 0.2
    gradient: float = 0.5
    confidence: float = 0.5
    focus: float = 0.0
    unknown: float = 2.5

    def __post_init__(self) -> None:
        if 0 < self.focus < 1:
            raise InputError(f"'focus' must be 0 or at least 1, not {self.focus!r}.")


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Configuration of a training run.

    Attributes:
        out: folder of everything it writes.
        data: the data sets of pairs.
        backgrounds: folders of photographs.
        network: what is trained: a matting head, or the network of the tracker.
        head: which matting head.
        hold_out: parts of image names; such pairs are for validation only.
        progressive: whether each scale's alpha is given the coarser one's (eq. 5); off for the
            ablation.
        seed: of data and weights.
        pool: folder of the examples; `out`/examples unless given, to share them between runs.
        rollout_weights: weights of the tracker's network: it tracks the clips with these, and
            training starts from them; none for an untrained network.
        cutouts: folder of what was cut out for clips; beside the examples unless given.
        every: steps between validations, each with a checkpoint and a page of pictures.

    Raises:
        InputError: keys do not go together.
    """

    out: Path
    data: tuple[Dataset, ...]
    backgrounds: tuple[Path, ...]
    network: TrainedNetwork = "head"
    head: TrainedHead = "wisp"
    hold_out: tuple[str, ...] = ()
    progressive: bool = True
    seed: int = 0
    pool: Path | None = None
    rollout_weights: Path | None = None
    cutouts: Path | None = None
    every: int = 200
    examples: Examples = field(default_factory=Examples)
    clips: Clips = field(default_factory=Clips)
    optimisation: Optimisation = field(default_factory=Optimisation)
    loss: LossWeights = field(default_factory=LossWeights)

    def __post_init__(self) -> None:
        if self.network == "follower" and self.examples.side == 1024:
            raise InputError("The tracker's network sees 512 pixels; set 'side' to 512.")
        if self.network == "head" and self.rollout_weights is not None:
            raise InputError(
                "'rollout_weights' is of the tracker's network; leave it out, or set 'network' to "
                '"follower".'
            )

    @property
    def training_pool(self) -> Path:
        """Folder of the examples that are trained on."""
        return (self.pool or self.out / "examples") / "train"

    @property
    def validation_pool(self) -> Path:
        """Folder of the examples that are measured on."""
        return (self.pool or self.out / "examples") / "validation"

    @property
    def cutout_folder(self) -> Path:
        """Folder of what was cut out for clips."""
        return self.cutouts or self.training_pool.parent / "cutouts"

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a TOML file; relative paths in it start from its folder.

        Raises:
            InputError: it cannot be read, lacks something, or has a key or value that is unknown.
        """
        try:
            table = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            raise InputError(f"{path} cannot be read ({error.strerror}); give a file.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"{path} is no TOML file ({error}); see docs/training.md.") from None
        return cls._from_table(table, path.parent.resolve(), str(path))

    @classmethod
    def _from_table(cls, table: dict[str, Any], folder: Path, name: str) -> Self:
        missing = [key for key in ("out", "data", "backgrounds") if key not in table]
        if missing:
            raise InputError(f"{name} lacks '{missing[0]}'; see docs/training.md.")
        table = dict(table)
        table["data"] = _read_datasets(table["data"], folder, name)
        backgrounds = _read_texts(table["backgrounds"], f"{name}: 'backgrounds'")
        table["backgrounds"] = tuple((folder / one).resolve() for one in backgrounds)
        table["hold_out"] = _read_texts(table.get("hold_out", []), f"{name}: 'hold_out'")
        for key in ("out", "pool", "rollout_weights", "cutouts"):
            if key in table:
                (place,) = _read_texts([table[key]], f"{name}: '{key}'")
                table[key] = (folder / place).resolve()
        return _read_record(cls, table, name)


def _read_datasets(entries: object, folder: Path, name: str) -> tuple[Dataset, ...]:
    if not isinstance(entries, list) or not all(isinstance(one, Mapping) for one in entries):
        raise InputError(f"{name}: 'data' is a list of tables; see docs/training.md.")
    try:
        lines = [Dataset.from_entry(entry) for entry in entries]
    except InputError as error:
        raise InputError(f"{name}: 'data': {error}") from None
    return tuple(dataclasses.replace(line, root=(folder / line.root).resolve()) for line in lines)


def _read_texts(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise InputError(f"{name} must be text in quotes (or a list of it), not {value!r}.")
    return tuple(value)


def _read_record(kind: type[RecordT], table: Mapping[str, Any], name: str) -> RecordT:
    """Build a dataclass from a table, its nested dataclasses from nested tables."""
    hints = get_type_hints(kind)
    unknown = sorted(table.keys() - hints.keys())
    if unknown:
        raise InputError(f"{name} has an unknown key '{unknown[0]}'; see docs/training.md.")
    values = {}
    for key, value in table.items():
        hint = hints[key]
        if dataclasses.is_dataclass(hint) and isinstance(hint, type):
            if not isinstance(value, Mapping):
                raise InputError(f"{name}: '{key}' is a table; see docs/training.md.")
            values[key] = _read_record(hint, value, f"{name}: [{key}]")
        else:
            values[key] = _check_value(value, hint, int(key in _FROM_ONE), f"{name}: '{key}'")
    try:
        return kind(**values)
    except InputError as error:
        raise InputError(f"{name}: {error}") from None


def _check_value(value: Any, hint: Any, least: int, name: str) -> Any:  # noqa: ANN401 - as in TOML
    choices = getattr(hint, "__args__", ())
    if getattr(hint, "__origin__", None) is Literal:
        if not any(type(value) is type(one) and value == one for one in choices):
            raise InputError(f"{name} is one of {', '.join(map(str, choices))}, not {value!r}.")
        return value
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if hint is bool and not isinstance(value, bool):
        raise InputError(f"{name} must be true or false, not {value!r}.")
    if hint in (int, float) and not (type(value) is hint and least <= value < math.inf):
        kind = "a whole number" if hint is int else "a number"
        raise InputError(f"{name} must be {kind} of at least {least}, not {value!r}.")
    return value
