"""Prepares the checkout's virtual environment; standard library only, so any Python can start it.

The environment lives in `.venv` (or where `WISP_VENV` says, which several checkouts may share). A
stamp with the hash of pyproject.toml tells whether it is current, so a second run starts at once.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST_PYTHON = (3, 11)
STAMP_NAME = "wisp-environment.sha256"
# sam2 is a source package whose build wants torch: both come first, then it builds against them.
BUILD_FIRST = ("setuptools>=77,<82", "wheel")
LINUX_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
LINUX_WINDOW_LIBRARIES = {
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


class SetupError(Exception):
    """Setting up failed; the message is one sentence that says what to do."""


def environment_dir() -> Path:
    """Return the folder of the virtual environment."""
    chosen = os.environ.get("WISP_VENV")
    return Path(chosen).expanduser().resolve() if chosen else ROOT / ".venv"


def python_of(venv: Path) -> Path:
    """Return the interpreter inside `venv`."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def wanted_stamp() -> str:
    """Return the hash that a current environment carries."""
    return hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()


def is_current(venv: Path) -> bool:
    """Tell whether `venv` was finished for today's pyproject.toml."""
    stamp = venv / STAMP_NAME
    return python_of(venv).exists() and stamp.exists() and stamp.read_text() == wanted_stamp()


def run_environment() -> dict[str, str]:
    """Return the variables for programs run from this checkout.

    The checkout goes first on PYTHONPATH because a shared environment may hold another checkout.
    """
    path = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{path}" if path else str(ROOT)}


def _step(text: str, command: list[str], log: Path) -> None:
    sys.stderr.write(f"wisp setup: {text} ...\n")
    sys.stderr.flush()
    # SAM2_BUILD_CUDA=0: its only compiled part is an optional hole filler that Wisp does not use.
    variables = {**os.environ, "SAM2_BUILD_CUDA": "0", "PYTHONNOUSERSITE": "1"}
    with log.open("ab") as out:
        done = subprocess.run(command, stdout=out, stderr=out, env=variables, check=False)
    if done.returncode:
        raise SetupError(f"Setting up failed while {text}; the reason is at the end of {log}.")


def _dependencies() -> list[str]:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["dev"]]


def _build(venv: Path) -> None:
    log = venv / "setup.log"
    if not python_of(venv).exists():
        venv.parent.mkdir(parents=True, exist_ok=True)
        created = subprocess.run([sys.executable, "-m", "venv", str(venv)], check=False)
        if created.returncode:
            raise SetupError(
                f"Python could not make an environment in {venv}; install python3-venv."
            )
    (venv / STAMP_NAME).unlink(missing_ok=True)
    pip = [str(python_of(venv)), "-m", "pip", "--disable-pip-version-check", "install"]
    wanted = _dependencies()
    before_sam2 = [line for line in wanted if not line.startswith("sam2")]
    _step("fetching the build tools", [*pip, *BUILD_FIRST], log)
    _step(
        "fetching PyTorch, Qt and the rest (several GB, a few minutes)", [*pip, *before_sam2], log
    )
    _step(
        "building SAM 2 and installing Wisp",
        [*pip, "--no-build-isolation", "--editable", f"{ROOT}[dev]"],
        log,
    )
    _step(
        "compiling the matting solver (half a minute, once)",
        [str(python_of(venv)), "-c", "import pymatting"],
        log,
    )
    (venv / STAMP_NAME).write_text(wanted_stamp())


def _missing(libraries: dict[str, str]) -> list[str]:
    absent = []
    for soname, package in libraries.items():
        try:
            ctypes.CDLL(soname)
        except OSError:
            absent.append(package)
    return absent


def ensure_system_libraries(*, window: bool) -> None:
    """Install Qt's system libraries on Debian-like machines when they are missing.

    Raises:
        SetupError: they are missing and cannot be installed from here.
    """
    if not sys.platform.startswith("linux"):
        return
    absent = _missing({**LINUX_LIBRARIES, **(LINUX_WINDOW_LIBRARIES if window else {})})
    if not absent:
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
        apt = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *absent]
        if subprocess.run(apt, check=False, stdout=subprocess.DEVNULL).returncode == 0:
            return
    raise SetupError(f"Qt needs system libraries; run: sudo apt-get install {' '.join(absent)}")


def ensure() -> Path:
    """Make the environment current and return its interpreter.

    Raises:
        SetupError: Python is too old, or a step failed.
    """
    if sys.version_info < OLDEST_PYTHON:
        raise SetupError("Wisp needs Python 3.11 or newer; start this script with a newer python3.")
    venv = environment_dir()
    if not is_current(venv):
        began = time.monotonic()
        _build(venv)
        sys.stderr.write(f"wisp setup: done in {time.monotonic() - began:.0f} s.\n")
    return python_of(venv)
