"""Starts Wisp, preparing its environment first if needed. Needs only Python 3.11 or newer.

- `python3 packaging/run.py`: the editor with the demo clip; without a display, the demo.
- `python3 packaging/run.py demo --out DIR`: the demo without a window.
- `python3 packaging/run.py --setup-only`: just prepare.
- `python3 packaging/run.py ARGUMENTS`: anything else is handed to `wisp`.
"""

from __future__ import annotations

import os
import subprocess
import sys

import environment

DEMO_FOLDER = "wisp-demo"


def has_display() -> bool:
    """Whether a window can be shown."""
    if sys.platform in ("darwin", "win32") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def arguments(given: list[str]) -> list[str]:
    """Return the arguments for `wisp`."""
    if given:
        return given
    if has_display():
        return ["--demo"]
    sys.stderr.write(
        f"wisp: there is no display here, so the demo runs without a window; results go to "
        f"{DEMO_FOLDER}/.\n"
    )
    return ["demo", "--out", DEMO_FOLDER]


def main(given: list[str]) -> int:
    """Prepare and run; return the exit code."""
    try:
        python = environment.ensure()
        if given == ["--setup-only"]:
            return 0
        wisp = arguments(given)
        if wisp[0] not in ("demo", "matte", "export", "models", "bench"):
            environment.ensure_system_libraries(window=True)
    except environment.SetupError as error:
        sys.stderr.write(f"wisp: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("wisp: interrupted; run the same command again to go on.\n")
        return 130
    command = [str(python), "-m", "app", *wisp]
    try:
        return subprocess.run(command, env=environment.run_environment(), check=False).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
