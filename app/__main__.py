"""The program: hands commands to the core's command line, else opens the editor."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from matting_core import __version__
from matting_core.models.devices import wait_passively

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QApplication

    from app.main_window import MainWindow
    from app.shell.messages import Messenger

_log = logging.getLogger("app")


def main(argv: Sequence[str] | None = None) -> int:
    """Run `wisp`; returns the exit code."""
    wait_passively()
    given = list(sys.argv[1:] if argv is None else argv)
    if given:
        from matting_core.cli import main as cli

        if given[0] in cli.COMMANDS:
            return cli.main(given)
    return _edit(_parse(given))


def _parse(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="wisp", description="Open the editor; `wisp matte --help` is the command line."
    )
    parser.add_argument("path", nargs="?", metavar="CLIP|PROJECT", help="what to open")
    parser.add_argument("--version", action="version", version=f"wisp {__version__}")
    parser.add_argument("--demo", action="store_true", help="open the bundled clip")
    return parser.parse_args(given)


def _edit(options: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    application, window = build()
    _hook_exceptions(window.editor.messenger)
    window.show()
    window.editor.start()
    if options.demo:
        window.editor.files.open_demo()
    elif options.path:
        window.editor.files.open(Path(options.path))
    else:
        window.help.offer_tour()
    return application.exec()


def build() -> tuple[QApplication, MainWindow]:
    """Make the application and its window, not shown yet."""
    from PySide6.QtWidgets import QApplication

    from app.editor import Editor
    from app.main_window import MainWindow
    from app.options import read_options
    from app.shell.settings import UserSettings
    from app.shell.theme import apply_theme

    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("Wisp")
    application.setOrganizationName("Wisp")
    apply_theme(application)
    return application, MainWindow(Editor(read_options(UserSettings())))


def _hook_exceptions(messenger: Messenger) -> None:
    """Log what nothing caught, and say it in the window; the program goes on."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, Exception):
            sys.__excepthook__(kind, error, trace)
            return
        _log.error("uncaught", exc_info=(kind, error, trace))
        messenger.report(error)

    sys.excepthook = hook


if __name__ == "__main__":
    sys.exit(main())
