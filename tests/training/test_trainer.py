"""The training loop on made-up examples: it learns, goes on after a kill, and leaves files."""

from __future__ import annotations

import copy
import dataclasses
import json
import math
from pathlib import Path

import cv2
import pytest
import torch
from safetensors.torch import load_file

from matting_core.errors import CancelledError, InputError
from matting_core.jobs import CancelToken
from matting_core.training.config import TrainConfig
from matting_core.training.examples import Batch, Example, example_path, pool_files
from matting_core.training.experiments import MattingScores
from matting_core.training.trainer import (
    BEST,
    CHECKPOINT,
    LAST,
    LOG,
    StepReport,
    Trainer,
    TrainingError,
)
from tests.tables import table
from tests.training.pools import CPU, a_config, a_filled_config, an_example, write_pool

pytestmark = pytest.mark.usefixtures("steady")
INFINITE = math.inf


def ignore(_report: StepReport) -> None:
    pass


def weights(trainer: Trainer) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in trainer.net.state_dict().items()}


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def spoiled_batch() -> Batch:
    """A batch with an infinite feature, as an encoder that overflowed would give."""
    batch = Batch.stack([an_example(0), an_example(1)], CPU)
    batch.features[1][0, 0, 0, 0] = INFINITE
    return batch


def test_a_producer_that_died_is_told_instead_of_waited_for(tmp_path) -> None:
    config = a_config(tmp_path)
    config.training_pool.mkdir(parents=True)
    with pytest.raises(TrainingError, match="Only 0 of"):
        Trainer(config, torch.device("cpu")).run(CancelToken(), print, lambda: False)


def test_a_problem_that_can_be_learnt_is_learnt(tmp_path: Path) -> None:
    trainer = Trainer(a_config(tmp_path, steps=60, warmup=5, learning_rate=5e-3), CPU)
    batch = Batch.stack([an_example(seed) for seed in range(4)], CPU)
    sums = [sum(trainer.advance(batch).values()) for _ in range(30)]
    assert sums[-1] < 0.6 * sums[0]
    assert max(sums[-5:]) < min(sums[:5])


@table("head", ["wisp", "sam2matting"])
def test_a_run_leaves_weights_log_pages_and_a_checkpoint(tmp_path: Path, head) -> None:
    config = dataclasses.replace(a_filled_config(tmp_path), head=head)
    reports: list[StepReport] = []
    scores = Trainer(config, CPU).run(CancelToken(), reports.append)
    assert sorted(each.name for each in config.out.iterdir()) == [
        BEST,
        CHECKPOINT,
        LOG,
        "validation_000003.png",
        "validation_000006.png",
        "weights.safetensors",
    ]
    assert [report.step for report in reports] == [3, 6]
    assert reports[-1].scores == scores
    lines = [json.loads(line) for line in (config.out / LOG).read_text().splitlines()]
    assert [line["step"] for line in lines] == [3, 6]
    assert lines[1]["mad"] == pytest.approx(scores.mad, abs=1e-3)
    assert lines[1]["alpha"] == pytest.approx(reports[-1].losses["alpha"])
    assert cv2.imread(str(config.out / "validation_000006.png")) is not None


def a_found_example(seed: int) -> Example:
    """An example whose mask is the subject, as well as the mask's cells can show it."""
    example = an_example(seed)
    cells = torch.nn.functional.avg_pool2d(example.alpha[None].float(), 4)[0]
    return dataclasses.replace(example, logits=(cells / 255 * 16 - 8).half())


def a_lost_example(seed: int) -> Example:
    """An example whose mask is empty."""
    example = an_example(seed)
    return dataclasses.replace(example, logits=torch.full_like(example.logits, -8))


def test_a_wrong_mask_is_one_that_misses_the_subject() -> None:
    example = a_found_example(0)
    assert not example.has_wrong_mask
    assert a_lost_example(0).has_wrong_mask
    moved = dataclasses.replace(example, logits=example.logits.roll(3, 1))
    assert moved.has_wrong_mask


@table(("share", "some"), [(0.0, False), (1.0, True)])
def test_of_wrong_masks_only_the_share_asked_for_is_trained_on(tmp_path: Path, share, some) -> None:
    config = a_config(tmp_path, wrong_masks=share, batch=4)
    config.training_pool.mkdir(parents=True)
    for index in range(4):
        a_found_example(index).write(example_path(config.training_pool, index))
    for index in (4, 5):
        a_lost_example(index).write(example_path(config.training_pool, index))
    trainer = Trainer(config, CPU)
    lost = []
    for trainer.step in range(10):
        batch = trainer._batch(pool_files(config.training_pool))
        lost += [bool((mask <= 0).all()) for mask in batch.logits]
    assert any(lost) == some
    assert not all(lost)


def test_a_pool_of_wrong_masks_alone_is_trained_on_all_the_same(tmp_path: Path) -> None:
    config = a_config(tmp_path, wrong_masks=0.0)
    config.training_pool.mkdir(parents=True)
    a_lost_example(0).write(example_path(config.training_pool, 0))
    batch = Trainer(config, CPU)._batch(pool_files(config.training_pool))
    assert len(batch.alpha) == 2


def test_the_weights_that_are_written_are_the_averaged_ones(tmp_path: Path) -> None:
    trainer = Trainer(a_filled_config(tmp_path), CPU)
    trainer.run(CancelToken(), ignore)
    written = load_file(trainer.config.out / "weights.safetensors")
    assert same(written, trainer.average.state_dict())
    assert not same(written, weights(trainer))
    trainer.task.build().load_state_dict(written)


def test_the_best_weights_are_kept_across_a_kill(tmp_path: Path, monkeypatch) -> None:
    mads = iter([3.0, 2.0, 5.0])
    monkeypatch.setattr(
        "matting_core.training.experiments.measure_matting",
        lambda *_args: MattingScores(next(mads), 1, 1, 1, 0),
    )
    trainer = Trainer(a_filled_config(tmp_path), CPU)
    batch = Batch.stack([an_example(0), an_example(1)], CPU)
    for _ in range(2):
        trainer.advance(batch)
        trainer.config.out.mkdir(exist_ok=True)
        trainer.checkpoint()
    best = {name: value.clone() for name, value in trainer.average.state_dict().items()}
    resumed = Trainer(trainer.config, CPU)
    assert resumed.resume()
    resumed.advance(batch)
    resumed.checkpoint()
    assert same(load_file(trainer.config.out / BEST), best)
    assert same(load_file(trainer.config.out / LAST), resumed.average.state_dict())


def test_the_rate_rises_and_falls_along_a_cosine(tmp_path: Path) -> None:
    trainer = Trainer(a_config(tmp_path, steps=1000, warmup=10), CPU)
    rates = [trainer.schedule(step) for step in range(1001)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[4] == pytest.approx(0.5, rel=1e-3)
    assert max(rates) == pytest.approx(1, abs=1e-3)
    assert rates.index(max(rates)) == 9
    assert rates[500] == pytest.approx(0.5)
    assert rates[999] < 1e-4
    assert rates[1000] == 0
    trainer.step = 4
    trainer.advance(Batch.stack([an_example(0)] * 2, CPU))
    assert trainer.optimiser.param_groups[0]["lr"] == pytest.approx(3e-3 * rates[4])


def test_the_average_follows_quickly_at_first_then_slowly(tmp_path: Path) -> None:
    trainer = Trainer(a_config(tmp_path, steps=4000, ema=0.9), CPU)
    batch = Batch.stack([an_example(0), an_example(1)], CPU)
    for step, decay in ((0, 0.1), (1, 2 / 11), (3000, 0.9)):
        trainer.step = step
        before = copy.deepcopy(trainer.average.state_dict())
        trainer.advance(batch)
        now, net = trainer.average.state_dict(), trainer.net.state_dict()
        for name, value in now.items():
            if value.is_floating_point():
                wanted = decay * before[name] + (1 - decay) * net[name]
                torch.testing.assert_close(value, wanted, rtol=1e-4, atol=1e-6)
            else:
                assert torch.equal(value, net[name])
    assert not any(parameter.requires_grad for parameter in trainer.average.parameters())


def stop_at(config: TrainConfig, step: int) -> None:
    """A run that is cancelled once it has told of `step`."""
    token = CancelToken()

    def tell(report: StepReport) -> None:
        if report.step == step:
            token.cancel()

    with pytest.raises(CancelledError):
        Trainer(config, CPU).run(token, tell)


def test_a_run_that_was_stopped_ends_with_the_same_weights(tmp_path: Path) -> None:
    config = a_filled_config(tmp_path)
    whole, halved = (dataclasses.replace(config, out=tmp_path / name) for name in ("a", "b"))
    trainer = Trainer(whole, CPU)
    scores = trainer.run(CancelToken(), ignore)
    stop_at(halved, 3)
    resumed = Trainer(halved, CPU)
    found = resumed.run(CancelToken(), ignore)
    assert resumed.step == 6
    for mine, its in ((resumed.net, trainer.net), (resumed.average, trainer.average)):
        for name, value in its.state_dict().items():
            torch.testing.assert_close(mine.state_dict()[name], value, rtol=1e-6, atol=1e-6)
    assert found.mad == pytest.approx(scores.mad, rel=1e-5)
    steps = [json.loads(line)["step"] for line in (halved.out / LOG).read_text().splitlines()]
    assert steps == [3, 6]


def test_a_finished_run_is_only_measured_again(tmp_path: Path) -> None:
    config = a_filled_config(tmp_path)
    first = Trainer(config, CPU)
    scores = first.run(CancelToken(), ignore)
    again = Trainer(config, CPU)
    assert again.run(CancelToken(), ignore) == scores
    assert same(weights(first), weights(again))


def test_draws_depend_on_seed_step_and_process(tmp_path: Path) -> None:
    config = a_filled_config(tmp_path, batch=4)
    files = pool_files(config.training_pool)

    def drawn(step: int, seed: int = 0, rank: int = 0) -> torch.Tensor:
        trainer = Trainer(dataclasses.replace(config, seed=seed), CPU)
        trainer.step, trainer.rank = step, rank
        return trainer._batch(files).alpha

    assert torch.equal(drawn(1), drawn(1))
    for other in (drawn(2), drawn(1, seed=1), drawn(1, rank=1)):
        assert not torch.equal(drawn(1), other)


def refused(config: TrainConfig) -> str:
    """The one sentence that a checkpoint is refused with."""
    with pytest.raises(TrainingError) as caught:
        Trainer(config, CPU).resume()
    said = str(caught.value)
    assert str(config.out / CHECKPOINT) in said
    assert "\n" not in said
    assert said.endswith(".")
    return said


def test_a_checkpoint_of_another_head_is_refused(tmp_path: Path) -> None:
    config = a_filled_config(tmp_path, steps=1)
    Trainer(config, CPU).run(CancelToken(), ignore)
    assert Trainer(config, CPU).resume()
    assert "move it away" in refused(dataclasses.replace(config, head="sam2matting"))


@table("damage", ["half", "empty", "text", "list", "keys", "types"])
def test_a_damaged_checkpoint_is_refused(tmp_path: Path, damage: str) -> None:
    config = a_config(tmp_path)
    config.out.mkdir()
    path = config.out / CHECKPOINT
    torch.save({"net": torch.zeros(999), "step": 3}, path)
    whole = path.read_bytes()
    if damage == "half":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "text":
        path.write_text("no checkpoint at all\n" * 20)
    elif damage == "list":
        torch.save([1, 2], path)
    elif damage == "keys":
        torch.save({"average": {}}, path)
    refused(config)


def test_without_a_checkpoint_nothing_is_resumed(tmp_path: Path) -> None:
    assert not Trainer(a_config(tmp_path), CPU).resume()


def test_an_infinite_gradient_leaves_everything_as_it_was(tmp_path: Path) -> None:
    trainer = Trainer(a_config(tmp_path), CPU)
    good = Batch.stack([an_example(0), an_example(1)], CPU)
    trainer.advance(good)
    before, average = weights(trainer), copy.deepcopy(trainer.average.state_dict())
    running = dict(trainer._running)
    trainer.advance(spoiled_batch())
    assert trainer.step == 2
    assert same(weights(trainer), before)
    assert same(trainer.average.state_dict(), average)
    assert trainer._running == running
    trainer.advance(good)
    assert not same(weights(trainer), before)
    assert all(torch.isfinite(value).all() for value in trainer.average.state_dict().values())


def test_twenty_infinite_gradients_in_a_row_end_the_run(tmp_path: Path) -> None:
    trainer = Trainer(a_config(tmp_path), CPU)
    good, bad = Batch.stack([an_example(0), an_example(1)], CPU), spoiled_batch()
    for _ in range(19):
        trainer.advance(bad)
    trainer.advance(good)
    for _ in range(19):
        trainer.advance(bad)
    with pytest.raises(TrainingError, match="infinite for 20 steps; lower learning_rate"):
        trainer.advance(bad)


def test_an_empty_validation_pool_is_told(tmp_path: Path) -> None:
    config = a_config(tmp_path, steps=1)
    write_pool(config.training_pool, 8)
    config.validation_pool.mkdir()
    with pytest.raises(InputError, match="validation pool is empty"):
        Trainer(config, CPU).run(CancelToken(), ignore)


def test_waiting_for_the_pool_can_be_cancelled(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        Trainer(a_config(tmp_path), CPU).run(token, ignore)
