"""Two processes train one network together."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.training.pools import a_filled_config

ROOT = Path(__file__).resolve().parents[2]
RANK = """
import sys
from pathlib import Path

import torch

from matting_core.jobs import CancelToken
from matting_core.training.trainer import Trainer
from tests.training.pools import a_config

if __name__ == "__main__":
    torch.set_num_threads(1)
    folder = Path(sys.argv[1])
    trainer = Trainer(a_config(folder, steps=4), torch.device("cpu"))
    draws = trainer._batch(trainer._files(CancelToken(), lambda: True)).alpha
    scores = trainer.run(CancelToken(), lambda report: None)
    found = {"weights": dict(trainer.net.named_parameters()), "draws": draws, "step": trainer.step}
    found["measured"] = scores is not None
    torch.save(found, folder / f"rank{trainer.rank}.pt")
"""


@pytest.mark.slow
def test_two_processes_end_with_the_same_weights_and_one_writes(tmp_path: Path) -> None:
    config = a_filled_config(tmp_path)
    script = tmp_path / "rank.py"
    script.write_text(RANK)
    options = ["--standalone", "--nproc_per_node", "2"]
    done = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", *options, str(script), str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    one, two = (torch.load(tmp_path / f"rank{k}.pt", weights_only=True) for k in (0, 1))
    assert one["step"] == two["step"] == 4
    assert (one["measured"], two["measured"]) == (True, False)
    assert not torch.equal(one["draws"], two["draws"])
    for name, value in one["weights"].items():
        assert torch.equal(value, two["weights"][name]), name
    assert len((config.out / "log.jsonl").read_text().splitlines()) == 2
    assert len(list(config.out.iterdir())) == 6
