"""The two stages of a run, and the configuration that comes with Wisp."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from matting_core.training.config import TrainConfig
from matting_core.training.propagation.stages import make_stage_configs
from matting_core.training.trainer import BEST
from tests.training.propagation.films import a_config

SHIPPED = Path(__file__).resolve().parents[3] / "resources" / "training" / "follower.toml"


def test_a_first_stage_comes_before_and_hands_its_weights_on(tmp_path: Path) -> None:
    config = a_config(tmp_path)
    clips = dataclasses.replace(config.clips, first_steps=4)
    first, second = make_stage_configs(dataclasses.replace(config, clips=clips))
    assert (first.out, second.out) == (config.out / "first", config.out)
    assert (first.optimisation.steps, second.optimisation.steps) == (4, 6)
    assert first.rollout_weights is None
    assert second.rollout_weights == first.out / BEST
    assert first.training_pool != second.training_pool
    assert first.cutout_folder == second.cutout_folder


def test_other_runs_have_one_stage(tmp_path: Path) -> None:
    config = a_config(tmp_path)
    clips = dataclasses.replace(config.clips, first_steps=4)
    for one in (
        config,
        dataclasses.replace(config, clips=clips, rollout_weights=tmp_path / "w"),
        dataclasses.replace(config, clips=clips, network="head"),
    ):
        assert make_stage_configs(one) == (one,)


def test_the_shipped_configuration_has_two_stages_and_the_data_of_the_others() -> None:
    config = TrainConfig.read(SHIPPED)
    other = TrainConfig.read(SHIPPED.with_name("wisp.toml"))
    assert config.network == "follower"
    assert (config.data, config.backgrounds) == (other.data, other.backgrounds)
    assert config.hold_out == other.hold_out
    assert len(make_stage_configs(config)) == 2
