"""Runs what must be green: lint, types, import rules and the quick tests. Prepares itself.

`python3 packaging/test.py --all` runs the slow tests too (docs/testing.md says which those are);
all other arguments go to pytest, for instance `-k jobs`, which then runs in one process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

import environment

CHECKS = (
    ("ruff check", ["-m", "ruff", "check", "."]),
    ("ruff format", ["-m", "ruff", "format", "--check", "."]),
    ("mypy", ["-m", "mypy"]),
    ("import rules", ["-c", "from importlinter.cli import lint_imports_command as c; c()"]),
)
# Two cores are what everybody has, and each process takes up to 3 GB of memory.
PROCESSES = ["-n", "2", "--dist", "loadfile"]
QUICK = ["-m", "not slow"]


def pytest_arguments(given: list[str]) -> list[str]:
    """Return pytest's arguments for those that were given to this script."""
    rest = [argument for argument in given if argument != "--all"]
    tier = [] if "--all" in given else QUICK
    return [*tier, *(rest or PROCESSES)]


def run(name: str, command: list[str], variables: dict[str, str]) -> bool:
    """Run one check and say how it went."""
    began = time.monotonic()
    code = subprocess.run(command, cwd=environment.ROOT, env=variables, check=False).returncode
    verdict = "ok" if code == 0 else f"FAILED ({code})"
    sys.stdout.write(f"== {name}: {verdict}, {time.monotonic() - began:.0f} s\n")
    sys.stdout.flush()
    return code == 0


def main(given: list[str]) -> int:
    """Run all checks and the tests, also after one fails; return 0 if all passed."""
    try:
        environment.ensure_system_libraries(window=False)
        python = str(environment.ensure())
    except environment.SetupError as error:
        sys.stderr.write(f"wisp: {error}\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="wisp-test-") as cache:
        variables = {
            **environment.run_environment(),
            "QT_QPA_PLATFORM": "offscreen",
            "WISP_CACHE": cache,
            "MYPY_CACHE_DIR": os.path.join(cache, "mypy"),  # noqa: PTH118
            "RUFF_CACHE_DIR": os.path.join(cache, "ruff"),  # noqa: PTH118
            "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_WAIT_POLICY": "PASSIVE",
        }
        failed = [name for name, check in CHECKS if not run(name, [python, *check], variables)]
        command = [python, "-m", "pytest", *pytest_arguments(given)]
        if "-n" in command:  # torch would take all cores in each process
            variables["OMP_NUM_THREADS"] = "1"
        code = subprocess.run(command, cwd=environment.ROOT, env=variables, check=False).returncode
    if failed:  # else the last line is pytest's own
        sys.stdout.write(f"== FAILED before the tests: {', '.join(failed)}\n")
    return 1 if failed or code else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
