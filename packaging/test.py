"""Runs everything that must be green: lint, types, import rules, tests. Prepares itself.

`python3 packaging/test.py ARGUMENTS` hands the arguments to pytest, for instance `-k jobs`.
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


def run(name: str, command: list[str], variables: dict[str, str]) -> bool:
    """Run one step and say how it went."""
    began = time.monotonic()
    code = subprocess.run(command, cwd=environment.ROOT, env=variables, check=False).returncode
    verdict = "ok" if code == 0 else f"FAILED ({code})"
    sys.stdout.write(f"== {name}: {verdict}, {time.monotonic() - began:.0f} s\n")
    sys.stdout.flush()
    return code == 0


def main(given: list[str]) -> int:
    """Run all steps, also after one fails; return 0 if all passed."""
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
        results = [run(name, [python, *command], variables) for name, command in CHECKS]
        results.append(run("tests", [python, "-m", "pytest", *given], variables))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
