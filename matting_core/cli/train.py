"""`wisp train`: trains a matting head, or the tracker's network, from a configuration file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from matting_core.cli.terminal import complain, say
from matting_core.errors import InputError
from matting_core.jobs import CancelToken
from matting_core.types import DeviceChoice

if TYPE_CHECKING:
    from matting_core.training.config import TrainConfig


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("config", metavar="CONFIG", help="a TOML file, see docs/training.md")
    parser.add_argument(
        "--resume", action="store_true", help="go on from the last checkpoint of this run"
    )
    parser.add_argument(
        "--samples", metavar="FILE.png", help="write a page of training pictures and stop"
    )
    parser.add_argument("--device", choices=[str(d) for d in DeviceChoice], default="auto")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train to the end, telling losses and scores on the way."""
    from matting_core.training.config import TrainConfig

    config = TrainConfig.read(Path(args.config))
    if args.samples:
        from matting_core.training.previews import write_preview

        write_preview(config, Path(args.samples))
        say(f"samples: {args.samples}")
        return 0
    _train(config, DeviceChoice(args.device), resume=args.resume)
    return 0


def _train(config: TrainConfig, choice: DeviceChoice, *, resume: bool) -> None:
    from matting_core.training.propagation.stages import make_stage_configs
    from matting_core.training.trainer import BEST, CHECKPOINT

    stages = make_stage_configs(config)
    started = [k for k, stage in enumerate(stages) if (stage.out / CHECKPOINT).exists()]
    if started and not resume:
        raise InputError(f"{config.out} holds a run already; add --resume, or choose another out.")
    if resume and not started:
        raise InputError(f"{config.out} holds no checkpoint to resume; leave --resume out.")
    # a stage that another has been started after is finished
    first = True
    for stage in stages[max(started, default=0) :]:
        first = _run_stage(stage, choice)
    if first:
        say(f"weights: {config.out / BEST}")


def _run_stage(config: TrainConfig, choice: DeviceChoice) -> bool:
    """Train to the end of one stage; whether this is the first of several processes."""
    from matting_core.models.devices import choose_device
    from matting_core.training.producer import split_pairs, start_producer
    from matting_core.training.trainer import StepReport, Trainer

    seen, held_out = split_pairs(config)
    trainer = Trainer(config, choose_device(choice))
    first = trainer.rank == 0
    if first:
        complain(f"training on {len(seen)} pairs, {len(held_out)} held out, into {config.out} ...")

    def tell(report: StepReport) -> None:
        parts = [f"{name} {value:.4f}" for name, value in report.losses.items()]
        if report.scores:
            parts.append(f"| {report.scores.summary()}")
        if first:
            say(f"step {report.step:6d}  " + "  ".join(parts))

    producer = start_producer(config, choice) if first else None
    try:
        trainer.run(CancelToken(), tell, lambda: producer is None or producer.is_alive())
        trainer.wait_for_others()
    finally:
        if producer is not None:
            producer.terminate()
            producer.join()
    return first
