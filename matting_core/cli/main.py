"""`wisp COMMAND ...`: arguments, and the one place where errors become a line and an exit code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from matting_core import __version__
from matting_core.cli import bench, commands, evaluate, models, train
from matting_core.cli.terminal import complain
from matting_core.errors import MattingError
from matting_core.export.base import OptionInfo
from matting_core.export.formats import DEFAULT_FORMAT, export_formats
from matting_core.models.devices import wait_passively
from matting_core.types import DeviceChoice, Quality

COMMANDS: frozenset[str] = frozenset(
    {"matte", "export", "demo", "models", "bench", "eval", "train"}
)
"""The commands that need no window."""

_FAILED = 1
_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    wait_passively()
    args = _parser().parse_args(sys.argv[1:] if argv is None else list(argv))
    try:
        return int(args.run(args))
    except MattingError as error:
        complain(" ".join(str(error).split()))
    except KeyboardInterrupt:
        complain("interrupted; run the same command again to go on.")
        return _INTERRUPTED
    except BrokenPipeError:
        pass
    return _FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="wisp",
        description="Interactive video matting; without a command, open the editor.",
    )
    parser.add_argument("--version", action="version", version=f"wisp {__version__}")
    subs = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_matte(subs.add_parser("matte", help="matte a clip from a prompt file"))
    _add_export(subs.add_parser("export", help="matte and write a project's objects"))
    _add_demo(subs.add_parser("demo", help="matte the bundled demo clip"))
    models.add_arguments(subs.add_parser("models", help="list, get, check and remove models"))
    bench.add_arguments(subs.add_parser("bench", help="measure accuracy on test data"))
    evaluate.add_arguments(subs.add_parser("eval", help="compare mattes with the truth"))
    train.add_arguments(subs.add_parser("train", help="train a matting head"))
    return parser


def _add_matte(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("clip", help="video, folder of stills, name.%%04d.exr, or a single image")
    prompts = parser.add_mutually_exclusive_group(required=True)
    prompts.add_argument("--prompts", metavar="P.json", help="the prompt file")
    prompts.add_argument(
        "--text",
        metavar="WORDS",
        help="what the object on the first frame is called, for trackers that understand text",
    )
    _add_output(parser)
    parser.set_defaults(run=commands.matte)


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", help="a .wisp file")
    _add_output(parser)
    parser.set_defaults(run=commands.export)


def _add_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", required=True, metavar="DIR", help="folder for the alphas")
    _add_device(parser)
    parser.set_defaults(run=commands.demo)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", required=True, metavar="DIR", help="folder for the results")
    parser.add_argument("--tracker", metavar="ID", help="see `wisp models`")
    parser.add_argument("--head", metavar="ID", help="see `wisp models`")
    parser.add_argument(
        "--quality",
        choices=[str(quality) for quality in Quality],
        help="fast looks at moving frames with 512 pixels, full with 1024 (default: fast)",
    )
    parser.add_argument("--frames", metavar="A:B", help="half-open range of frame indexes")
    _add_formats(parser)
    parser.add_argument(
        "--overwrite", action="store_true", help="replace files that Wisp did not write"
    )
    _add_device(parser)


def _add_formats(parser: argparse.ArgumentParser) -> None:
    """Add the choice of the format, and a flag for every option that a format has."""
    formats = export_formats()
    parser.add_argument(
        "--format", choices=list(formats), default=DEFAULT_FORMAT, help="how the mattes are written"
    )
    infos: dict[str, OptionInfo] = {}
    for spec in formats.values():
        infos = {**spec.option_infos(), **infos}
    for name, info in infos.items():
        flag = f"--{name.replace('_', '-')}"
        offered = [str(value) for value, _words in info.choices]
        if info.several:
            parser.add_argument(flag, metavar="WHAT", help=info.help)
        else:
            parser.add_argument(flag, choices=offered, help=info.help)


def _add_device(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--device", choices=[str(device) for device in DeviceChoice], default="auto"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


if __name__ == "__main__":
    sys.exit(main())
