"""`wisp train`: what it refuses, the page of samples, and a short run on a made-up pool."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import pytest
import torch

from matting_core.cli.main import main
from matting_core.training import producer, trainer
from tests.core.cli.helpers import names, nothing_written, refused
from tests.training.pairs import write_backgrounds, write_pair
from tests.training.pools import write_pool
from tests.training.propagation.films import write_episodes

SETTINGS = """
out = "run"
pool = "pool"
backgrounds = ["backgrounds"]
hold_out = ["dog"]
every = 2
data = [{layout = "wisp", root = "pairs"}]

[examples]
picture = 96
first = 4
capacity = 4
validation = 2
mix = {natural = 0.5, composite = 0.5, rendered = 0}

[optimisation]
steps = 4
batch = 2
precision = "fp32"
"""


class NoProcess:
    """Stands for a producer that has nothing to do."""

    ended = 0

    def terminate(self) -> None:
        self.ended += 1

    def join(self) -> None:
        self.ended += 1


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with tiny data beside it."""
    for seed, name in enumerate(("cat", "dog")):
        write_pair(tmp_path / "pairs", name, seed)
    write_backgrounds(tmp_path / "backgrounds")
    path = tmp_path / "train.toml"
    path.write_text(SETTINGS)
    return path


@pytest.fixture
def process(config: Path, monkeypatch: pytest.MonkeyPatch) -> NoProcess:
    """Full pools, so that no example needs to be made; the process keeps its own memory."""
    write_pool(config.parent / "pool" / "train", 4)
    write_pool(config.parent / "pool" / "validation", 2, first_seed=100)
    process = NoProcess()
    monkeypatch.setattr(producer, "start_producer", lambda config, device: process)
    monkeypatch.setattr(trainer, "keep_freed_memory", lambda: None)
    return process


def train(config: Path, *more: str) -> int:
    return main(["train", str(config), "--device", "cpu", *more])


def test_a_run_tells_its_steps_and_where_the_weights_are(config, process, capsys) -> None:
    assert train(config) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    out = config.parent / "run"
    assert [line.split()[:2] for line in lines[:-1]] == [["step", "2"], ["step", "4"]]
    for part in ("alpha ", "| MAD ", "(mask ", "spoiled "):
        assert part in lines[0]
    assert lines[-1] == f"weights: {out / 'best.safetensors'}"
    assert f"training on 1 pairs, 1 held out, into {out}" in said.err
    assert names(out) == [
        "best.safetensors",
        "checkpoint.pt",
        "log.jsonl",
        "validation_000002.png",
        "validation_000004.png",
        "weights.safetensors",
    ]
    assert process.ended == 2


def test_a_run_that_is_there_is_kept_unless_resumed(config, process, capsys) -> None:
    assert train(config) == 0
    before = (config.parent / "run" / "checkpoint.pt").read_bytes()
    capsys.readouterr()
    refused(capsys, train(config), "holds a run already; add --resume, or choose another out.")
    assert (config.parent / "run" / "checkpoint.pt").read_bytes() == before
    config.write_text(SETTINGS.replace("steps = 4", "steps = 6"))
    assert train(config, "--resume") == 0
    assert capsys.readouterr().out.startswith("step      6 ")
    state = torch.load(config.parent / "run" / "checkpoint.pt", weights_only=True)
    assert state["step"] == 6


def test_a_damaged_checkpoint_is_told_and_the_producer_is_ended(config, process, capsys) -> None:
    (config.parent / "run").mkdir()
    (config.parent / "run" / "checkpoint.pt").write_bytes(b"PK no such thing")
    assert train(config, "--resume") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "checkpoint.pt does not fit this configuration" in said.err.splitlines()[-1]
    assert process.ended == 2


def test_resume_needs_a_checkpoint(config: Path, capsys) -> None:
    refused(capsys, train(config, "--resume"), "no checkpoint to resume; leave --resume out.")
    nothing_written(config.parent / "run")


BAD_CONFIGURATIONS = (
    ('out = "run"', "", "lacks 'out'"),
    ("batch = 2", "batch = 0", "'batch' must be a whole number of at least 1, not 0."),
    ("batch = 2", "bach = 2", "unknown key 'bach'"),
    ('layout = "wisp"', 'layout = "wips"', "The layout 'wips' is unknown"),
    ('hold_out = ["dog"]', 'hold_out = ["dgo"]', "No image has 'dgo'"),
    ('root = "pairs"', 'root = "pears"', "holds no pairs laid out as 'wisp'"),
)


def test_a_bad_configuration_is_one_line(config: Path, capsys, subtests) -> None:
    for old, new, told in BAD_CONFIGURATIONS:
        with subtests.test(told):
            config.write_text(SETTINGS.replace(old, new))
            refused(capsys, train(config), told)
            refused(capsys, train(config, "--samples", str(config.parent / "page.png")), told)
            nothing_written(config.parent / "run")


def test_no_photographs_are_told_before_training(config: Path, capsys, monkeypatch) -> None:
    monkeypatch.setattr(trainer, "keep_freed_memory", lambda: None)
    shutil.rmtree(config.parent / "backgrounds")
    assert train(config) == 1
    assert "backgrounds holds no photographs" in capsys.readouterr().err.splitlines()[-1]


def test_a_missing_configuration_is_one_line(tmp_path: Path, capsys) -> None:
    refused(capsys, train(tmp_path / "gone.toml"), "gone.toml cannot be read")


STAGES = """
network = "follower"
clips = {first_steps = 2}
"""


@pytest.fixture
def two_stages(config: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run of the tracker's network, the pools of both stages full."""
    pool = config.parent / "pool"
    for folder in (pool / "first", pool):
        write_episodes(folder / "train", 4)
        write_episodes(folder / "validation", 1, first_seed=50)
    monkeypatch.setattr(producer, "start_producer", lambda config, device: NoProcess())
    monkeypatch.setattr(trainer, "keep_freed_memory", lambda: None)
    config.write_text(SETTINGS.replace("\n[examples]", f"{STAGES}\n[examples]", 1))
    return config


def test_the_trackers_network_is_trained_in_two_stages(two_stages: Path, capsys) -> None:
    assert train(two_stages) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines[:-1]] == ["2", "2", "4"]
    for part in ("outline ", "| J ", "(decoder ", "belief "):
        assert part in lines[0]
    out = two_stages.parent / "run"
    assert lines[-1] == f"weights: {out / 'best.safetensors'}"
    assert (out / "first" / "best.safetensors").exists()
    refused(capsys, train(two_stages), "holds a run already; add --resume, or choose another out.")


def test_a_killed_run_goes_on_in_its_stage(two_stages: Path, capsys) -> None:
    out = two_stages.parent / "run"
    assert train(two_stages) == 0
    weights = (out / "best.safetensors").read_bytes()
    capsys.readouterr()
    # killed after the first stage: the second is run again, from the same weights
    for path in [path for path in out.iterdir() if path.is_file()]:
        path.unlink()
    refused(capsys, train(two_stages), "holds a run already; add --resume, or choose another out.")
    assert train(two_stages, "--resume") == 0
    said = [line.split()[1] for line in capsys.readouterr().out.splitlines()[:-1]]
    assert said == ["2", "4"]
    assert (out / "best.safetensors").read_bytes() == weights
    before = (out / "first" / "checkpoint.pt").stat().st_mtime_ns
    assert train(two_stages, "--resume") == 0
    assert (out / "first" / "checkpoint.pt").stat().st_mtime_ns == before


def test_samples_are_a_page_and_nothing_is_trained(config: Path, capsys) -> None:
    page = config.parent / "page.png"
    assert train(config, "--samples", str(page)) == 0
    assert capsys.readouterr().out == f"samples: {page}\n"
    picture = cv2.imread(str(page))
    # 24 tiles of picture, alpha and cut-out, three side by side
    assert picture.shape[1] > 3 * 3 * 256
    assert picture.shape[0] > 8 * 256
    assert not (config.parent / "run").exists()
    again = config.parent / "again.png"
    assert train(config, "--samples", str(again)) == 0
    assert again.read_bytes() == page.read_bytes()


def test_a_page_that_cannot_be_written_is_told(config: Path, capsys) -> None:
    code = train(config, "--samples", str(config.parent / "no" / "folder" / "page.png"))
    refused(capsys, code, "page.png")
