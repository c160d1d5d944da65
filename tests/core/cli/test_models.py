from __future__ import annotations

from dataclasses import replace

from matting_core import weights
from matting_core.cli import models
from matting_core.cli.main import main


def test_models_are_listed_without_the_hidden_ones(capsys) -> None:
    assert main(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()
    first = [tuple(line.split()[:2]) for line in lines]
    assert ("tracker", "sam2-tiny-flow") in first
    assert ("head", "closed-form") in first
    assert ("head", "mask") in first
    assert ("weights", "sam2-hiera-tiny-image") in first
    assert not any("fake" in line for line in lines)
    assert main(["models", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == lines


def test_whole_weights_are_verified(capsys) -> None:
    assert main(["models", "verify"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [f"{name}: whole" for name in weights.CATALOGUE]
    assert len(said) == 3


def test_damaged_weights_are_told(monkeypatch, capsys) -> None:
    entries = {key: replace(e, sha256="0" * 64) for key, e in weights.CATALOGUE.items()}
    monkeypatch.setattr(models, "CATALOGUE", entries)
    assert main(["models", "verify"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("wisp: The weights 'sam2-hiera-tiny-image'")
    assert "damaged" in said.err
    assert said.err.count("\n") == 1
