from __future__ import annotations

import importlib.util
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.tables import table

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = ROOT / "pyproject.toml"


@pytest.fixture
def packaging(monkeypatch: pytest.MonkeyPatch):
    """The scripts beside the packages, importable as they import each other."""
    monkeypatch.syspath_prepend(ROOT / "packaging")
    for name in ("environment", "run"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import run

    yield run
    for name in ("environment", "run"):
        sys.modules.pop(name, None)


@pytest.fixture
def environment(packaging):
    return packaging.environment


@pytest.fixture
def checkout(tmp_path: Path, environment, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with today's pyproject.toml and a finished environment."""
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.delenv("WISP_VENV", raising=False)
    (tmp_path / "pyproject.toml").write_bytes(PYPROJECT.read_bytes())
    python = environment.python_of(tmp_path / ".venv")
    python.parent.mkdir(parents=True)
    python.touch()
    (tmp_path / ".venv" / environment.STAMP_NAME).write_text(environment.wanted_stamp())
    return tmp_path


def _refuse(*_args, **_options) -> None:
    raise AssertionError("nothing was to be run")


def test_a_finished_environment_is_current_and_starts_at_once(
    checkout, environment, monkeypatch
) -> None:
    monkeypatch.setattr(environment.subprocess, "run", _refuse)
    assert environment.is_current(checkout / ".venv")
    assert environment.ensure() == environment.python_of(checkout / ".venv")


def test_another_pyproject_makes_it_stale(checkout, environment) -> None:
    with (checkout / "pyproject.toml").open("a") as file:
        file.write("\n# changed\n")
    assert not environment.is_current(checkout / ".venv")


@pytest.mark.parametrize("part", ["python", "stamp"])
def test_an_unfinished_environment_is_not_current(checkout, environment, part) -> None:
    venv = checkout / ".venv"
    (environment.python_of(venv) if part == "python" else venv / environment.STAMP_NAME).unlink()
    assert not environment.is_current(venv)


def test_dependencies_are_those_of_pyproject(checkout, environment) -> None:
    project = tomllib.loads(PYPROJECT.read_text())["project"]
    dev = project["optional-dependencies"]["dev"]
    assert environment._dependencies() == [*project["dependencies"], *dev]


def test_a_stale_environment_is_brought_up_to_date(checkout, environment, monkeypatch) -> None:
    commands = []

    def note(command, **_options):
        commands.append([str(part) for part in command])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(environment.subprocess, "run", note)
    stamp = checkout / ".venv" / environment.STAMP_NAME
    stamp.write_text("old")
    environment.ensure()
    assert environment.is_current(checkout / ".venv")
    installed = {part for command in commands for part in command}
    assert set(environment._dependencies()) - installed == {
        line for line in environment._dependencies() if line.startswith("sam2")
    }
    assert f"{checkout}[dev]" in installed


def test_a_failed_step_leaves_no_stamp_and_one_sentence(
    checkout, packaging, environment, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(
        environment.subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1)
    )
    (checkout / ".venv" / environment.STAMP_NAME).write_text("old")
    assert packaging.main(["--setup-only"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[-1].startswith("wisp: Setting up failed while")
    assert "setup.log" in said[-1]
    assert not (checkout / ".venv" / environment.STAMP_NAME).exists()


def test_the_environment_may_live_elsewhere(checkout, environment, monkeypatch, tmp_path) -> None:
    assert environment.environment_dir() == checkout / ".venv"
    monkeypatch.setenv("WISP_VENV", str(tmp_path / "shared"))
    assert environment.environment_dir() == tmp_path / "shared"


def test_programs_import_this_checkout_first(checkout, environment, monkeypatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    assert environment.run_environment()["PYTHONPATH"].startswith(f"{checkout}:")
    monkeypatch.delenv("PYTHONPATH")
    assert environment.run_environment()["PYTHONPATH"] == str(checkout)


def test_an_old_python_is_told(checkout, environment, monkeypatch) -> None:
    monkeypatch.setattr(environment.sys, "version_info", (3, 10, 4))
    with pytest.raises(environment.SetupError, match=r"3\.11 or newer"):
        environment.ensure()


def test_without_a_display_the_demo_runs(packaging, monkeypatch, capsys) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(packaging.sys, "platform", "linux")
    assert packaging.arguments([]) == ["demo", "--out", packaging.DEMO_FOLDER]
    assert packaging.DEMO_FOLDER in capsys.readouterr().err
    monkeypatch.setenv("DISPLAY", ":0")
    assert packaging.arguments([]) == ["--demo"]
    assert packaging.arguments(["models"]) == ["models"]


def test_scripts_start_without_any_package(tmp_path: Path) -> None:
    """They prepare the environment, so they may use the standard library alone."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); import run, environment"
    subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(ROOT / "packaging")], check=True, cwd=tmp_path
    )


@pytest.fixture
def runner(packaging):
    """The script that runs the tests, importing what the others import."""
    spec = importlib.util.spec_from_file_location("runner", ROOT / "packaging" / "test.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@table(
    ("given", "expected"),
    [
        ([], ["-m", "not slow", "-n", "2", "--dist", "loadfile"]),
        (["--all"], ["-n", "2", "--dist", "loadfile"]),
        (["-k", "jobs"], ["-m", "not slow", "-k", "jobs"]),
        (["--all", "-k", "jobs"], ["-k", "jobs"]),
        (["-m", "slow"], ["-m", "not slow", "-m", "slow"]),
    ],
)
def test_slow_tests_run_where_all_are_asked_for(runner, given, expected) -> None:
    assert runner.pytest_arguments(given) == expected


@table(("failing", "code"), [((), 0), (("mypy",), 1), (("pytest",), 1), (("ruff", "mypy"), 1)])
def test_all_steps_run_and_one_that_fails_is_told(
    runner, failing, code, monkeypatch, capsys
) -> None:
    commands = []

    def note(command, **options):
        commands.append(([str(part) for part in command], options["env"]))
        return subprocess.CompletedProcess(command, int(any(each in command for each in failing)))

    monkeypatch.setattr(runner.environment, "ensure_system_libraries", lambda **_: None)
    monkeypatch.setattr(runner.environment, "ensure", lambda: Path("python"))
    monkeypatch.setattr(runner.subprocess, "run", note)
    assert runner.main([]) == code
    assert len(commands) == 5
    command, variables = commands[-1]
    assert command[:3] == ["python", "-m", "pytest"]
    assert variables["OMP_NUM_THREADS"] == "1"
    last = capsys.readouterr().out.splitlines()[-1]
    checks = [name for name, _ in runner.CHECKS if set(name.split()) & set(failing)]
    told = (
        f"== FAILED before the tests: {', '.join(checks)}" if checks else "== import rules: ok, 0 s"
    )
    assert last == told
