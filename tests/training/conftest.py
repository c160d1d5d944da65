"""What trainers set for the whole process is undone after a test."""

from __future__ import annotations

import pytest
import torch

from matting_core.training import trainer


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch):
    """One thread, and this process' memory left as it is; what a trainer sets is undone."""
    monkeypatch.setattr(trainer, "keep_freed_memory", lambda: None)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
