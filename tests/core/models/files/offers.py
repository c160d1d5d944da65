"""A small SAM 2.1 on offer at a server of the test's own."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace

import pytest
import torch

from matting_core.models import weights
from matting_core.models.catalogue import CATALOGUE, Download, Weights
from tests.core.models.files.server import Site
from tests.core.models.files.small import sam21


def small_file() -> bytes:
    """The bytes of a checkpoint; some padding makes it a few pieces long."""
    file = io.BytesIO()
    torch.save({"model": sam21(), "padding": torch.zeros(250_000)}, file)
    return file.getvalue()


def offer(monkeypatch: pytest.MonkeyPatch, site: Site, data: bytes | None = None) -> Weights:
    """Put `sam2.1-tiny` of this site into the catalogue; `data` is what it ought to send."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    whole = site.data if data is None else data
    download = Download(site.address, hashlib.sha256(whole).hexdigest(), len(whole))
    entry = replace(CATALOGUE["sam2.1-tiny"], download=download, size=len(whole))
    monkeypatch.setattr(weights, "CATALOGUE", {**CATALOGUE, entry.id: entry})
    return entry
