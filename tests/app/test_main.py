"""`wisp` hands commands over without Qt, and opens the editor for everything else."""

import subprocess
import sys

import app.__main__ as program
from matting_core.cli import main as cli
from tests.tables import table


@table("command", sorted(cli.COMMANDS))
def test_commands_go_to_the_core(monkeypatch, command):
    given = []
    monkeypatch.setattr(cli, "main", lambda argv: given.append(argv) or 7)
    assert program.main([command, "--help"]) == 7
    assert given == [[command, "--help"]]


def test_commands_do_not_import_qt():
    code = (
        "import sys, app.__main__ as program\n"
        "try:\n    program.main(['models', '--help'])\n"
        "except SystemExit:\n    pass\n"
        "print(sorted(name for name in sys.modules if name.startswith('PySide6')))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.splitlines()[-1] == "[]", result.stderr


@table(
    ("given", "expected"),
    [([], (None, False)), (["fox.mp4"], ("fox.mp4", False)), (["--demo"], (None, True))],
)
def test_anything_else_opens_the_editor(monkeypatch, given, expected):
    seen = []
    monkeypatch.setattr(program, "_edit", lambda options: seen.append(options) or 0)
    assert program.main(given) == 0
    assert (seen[0].path, seen[0].demo) == expected


def test_an_uncaught_error_is_said_in_the_window_and_logged(window, monkeypatch, log_guard):
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    program._hook_exceptions(window.editor.messenger)
    log_guard.expect("uncaught")
    log_guard.expect("unexpected error")
    try:
        raise ValueError("a slot broke")
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert "a slot broke" in window.stage.messages.text
    assert window.isVisible()
