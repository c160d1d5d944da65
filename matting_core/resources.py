"""Paths of the files that ship with Wisp."""

from __future__ import annotations

from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[1] / "resources"


def resource_path(name: str) -> Path:
    """Return the path of a shipped file, for instance `demo/bigbuckbunny.mp4`."""
    return _CHECKOUT / name


def document_path(name: str) -> Path:
    """Return the path of a text beside the program, for instance `THIRD_PARTY.md`."""
    return _CHECKOUT.parent / name
