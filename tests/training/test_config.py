"""Training configurations: the shipped one is read, and every mistake is named."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from matting_core.errors import InputError
from matting_core.training.config import (
    Clips,
    Examples,
    LossWeights,
    Optimisation,
    TrainConfig,
)
from matting_core.training.datasets import Dataset
from matting_core.training.render.samples import Mix
from tests.tables import table

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "resources" / "training" / "wisp.toml"
LEAST = """
out = "run"
backgrounds = ["pictures"]
data = [{layout = "wisp", root = "pairs"}]
"""


def read(folder: Path, text: str) -> TrainConfig:
    path = folder / "some.toml"
    path.write_text(text, "utf-8")
    return TrainConfig.read(path)


def test_the_shipped_configuration_is_read() -> None:
    config = TrainConfig.read(SHIPPED)
    assert config.head == "wisp"
    assert config.out == ROOT / "runs" / "wisp"
    assert config.training_pool == ROOT / "runs" / "examples" / "train"
    data = (ROOT / "data" / "train").resolve()
    assert config.data == (Dataset("wisp", data / "pairs"),)
    assert config.backgrounds == (data / "backgrounds",)
    assert config.examples.mix == Mix(0.42, 0.25, 0.33)
    assert config.optimisation.precision == "bf16"
    assert config.hold_out


def test_the_least_configuration_has_the_defaults(tmp_path: Path) -> None:
    config = read(tmp_path, LEAST)
    assert config == TrainConfig(
        out=tmp_path / "run",
        data=(Dataset("wisp", tmp_path / "pairs"),),
        backgrounds=(tmp_path / "pictures",),
    )
    assert config.training_pool == tmp_path / "run" / "examples" / "train"
    assert config.validation_pool == tmp_path / "run" / "examples" / "validation"


def test_relative_paths_start_at_the_file_and_absolute_ones_stay(tmp_path, monkeypatch) -> None:
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deep" / "c.toml").write_text(
        'out = "../run"\npool = "/elsewhere/pool"\nrollout_weights = "w"\ncutouts = "../c"\n'
        'network = "follower"\n'
        'backgrounds = ["b", "/c"]\n'
        'data = [{layout = "am-2k", root = "../am", share = 0.5}]\n'
    )
    config = TrainConfig.read(Path("deep/c.toml"))
    assert config.out == tmp_path / "run"
    assert config.training_pool == Path("/elsewhere/pool/train")
    assert config.rollout_weights == tmp_path / "deep" / "w"
    assert config.cutout_folder == tmp_path / "c"
    assert config.backgrounds == (tmp_path / "deep" / "b", Path("/c"))
    assert config.data == (Dataset("am-2k", tmp_path / "am", 0.5),)


def test_all_tables_are_read(tmp_path: Path) -> None:
    more = """
    head = "sam2matting"
    progressive = false
    seed = 3
    [examples]
    side = 1024
    [examples.validation_mix]
    natural = 1
    composite = 0
    [examples.damage]
    part = 0
    [optimisation]
    precision = "fp32"
    learning_rate = 1
    [loss]
    focus = 2
    [clips]
    width = 640
    first_steps = 9
    """
    config = read(tmp_path, LEAST + more)
    assert (config.head, config.progressive, config.seed) == ("sam2matting", False, 3)
    assert config.examples == Examples(
        side=1024, validation_mix=Mix(1, 0), damage=config.examples.damage
    )
    assert config.examples.damage.part == 0
    assert config.optimisation == Optimisation(precision="fp32", learning_rate=1.0)
    assert config.loss == LossWeights(focus=2.0)
    assert config.clips == Clips(width=640, first_steps=9)


def test_a_configuration_can_be_sent_to_another_process() -> None:
    config = TrainConfig.read(SHIPPED)
    assert pickle.loads(pickle.dumps(config)) == config


TOP = [
    ("steps = 3", "steps"),
    ('head = "vitmatte"', "head"),
    ("head = 3", "head"),
    ("seed = -1", "seed"),
    ("seed = 1.5", "seed"),
    ("every = 0", "every"),
    ("every = true", "every"),
    ("progressive = 1", "progressive"),
    ('progressive = "no"', "progressive"),
    ('hold_out = "cat"', "hold_out"),
    ("hold_out = [1]", "hold_out"),
    ("pool = 1", "pool"),
    ('network = "tracker"', "network"),
    ("rollout_weights = 1", "rollout_weights"),
    ("cutouts = []", "cutouts"),
    ("clips = 1", "clips"),
    ('rollout_weights = "w"', "rollout_weights"),
    ('network = "follower"\nexamples = {side = 1024}', "side"),
    ("examples = 5", "examples"),
]
NESTED = [
    ("[examples]\nshow = 1", "show"),
    ("[examples]\nside = 640", "side"),
    ("[examples]\nside = 512.0", "side"),
    ("[examples]\nvalidation = 0", "validation"),
    ("[examples]\nmix = 1", "mix"),
    ("[examples.mix]\nnatural = -0.1", "natural"),
    ("[examples.mix]\nnatural = 0\ncomposite = 0\nrendered = 0", "mix"),
    ("[examples.mix]\nmade_up = 1", "made_up"),
    ('[examples.damage]\npart = "often"', "part"),
    ("[optimisation]\nsteps = 0", "steps"),
    ("[optimisation]\nbatch = -8", "batch"),
    ("[optimisation]\nlearning_rate = inf", "learning_rate"),
    ("[optimisation]\nema = nan", "ema"),
    ('[optimisation]\nprecision = "fp16"', "precision"),
    ("[optimisation]\nprecision = [1]", "precision"),
    ("[loss]\nalpha = true", "alpha"),
    ("[clips]\nframes = 1", "frames"),
    ("[clips]\nwidth = 63", "width"),
    ("[clips]\nheight = 0", "height"),
    ("[clips]\nfirst_steps = -1", "first_steps"),
    ("[clips]\nfps = 25", "fps"),
    ("[loss]\nfocus = 0.5", "focus"),
    ("[optimisation]\nwrong_masks = 1.5", "wrong_masks"),
]


@table(("line", "key"), TOP + NESTED)
def test_a_mistake_is_one_sentence_with_key_and_file(tmp_path: Path, line: str, key: str) -> None:
    says_so(tmp_path, LEAST + line + "\n", key)


@table(
    ("old", "new", "key"),
    [
        ('out = "run"', "", "out"),
        ('out = "run"', "out = 3", "out"),
        ('backgrounds = ["pictures"]', "", "backgrounds"),
        ('["pictures"]', '"pictures"', "backgrounds"),
        ('["pictures"]', "[1]", "backgrounds"),
        ("data =", "dat =", "data"),
        ('[{layout = "wisp", root = "pairs"}]', '["pairs"]', "data"),
        ('[{layout = "wisp", root = "pairs"}]', '{layout = "wisp", root = "pairs"}', "data"),
        ('root = "pairs"', 'root = "pairs", share = 0', "data"),
        ('layout = "wisp", ', "", "data"),
    ],
)
def test_what_every_run_needs_is_asked_for(tmp_path: Path, old, new, key) -> None:
    assert old in LEAST
    says_so(tmp_path, LEAST.replace(old, new), key)


def says_so(folder: Path, text: str, key: str) -> None:
    with pytest.raises(InputError) as caught:
        read(folder, text)
    said = str(caught.value)
    assert str(folder / "some.toml") in said
    assert re.search(rf"\b{key}\b", said.replace(str(folder), ""))
    assert "\n" not in said
    assert said.endswith(".")


def test_a_file_that_is_not_there_or_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.toml cannot be read"):
        TrainConfig.read(tmp_path / "gone.toml")
    with pytest.raises(InputError, match=r"some\.toml is no TOML file"):
        read(tmp_path, "out = ")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"binary\.toml is no TOML file"):
        TrainConfig.read(tmp_path / "binary.toml")
