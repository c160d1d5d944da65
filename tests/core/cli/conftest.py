from __future__ import annotations

from pathlib import Path

import pytest

from tests.clips import Encoding, write_numbered_clip
from tests.core.cli.helpers import write_prompts


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve frames of 64 x 48."""
    path = tmp_path_factory.mktemp("clips") / "clip.mkv"
    return write_numbered_clip(path, 12, (64, 48), encoding=Encoding(codec="ffv1", gop=1))


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    return write_prompts(tmp_path / "p.json")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
