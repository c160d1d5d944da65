"""Report as one HTML file: means, graphs over time, the worst frames, all numbers.

Pictures, graphs and styles are inside the file; it needs no network and no other file.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matting_core import __version__
from matting_core.evaluation.folders import FramePair, read_alphas
from matting_core.evaluation.graphs import LINE_COLOURS, Series, line_graph
from matting_core.evaluation.pictures import InputPictures, embed_alpha, embed_error, embed_photo
from matting_core.evaluation.runner import Evaluation
from matting_core.jobs import Pace, Progress
from matting_core.metrics.names import BAND_SUFFIX, MetricValues, more_is_better, title_of

_WORST = 8
_SPREAD = 6
_RANKED_BY = "mad"
_NONE = "–"


@dataclass(frozen=True, slots=True)
class ReportTitle:
    """Title of a report: the two folders compared."""

    pred: str
    truth: str


def html_report(
    title: ReportTitle,
    pairs: Sequence[FramePair],
    evaluation: Evaluation,
    inputs: InputPictures | None = None,
    show: Callable[[Progress], None] = lambda _: None,
) -> str:
    """Return the report as a page.

    Args:
        title: what was compared.
        pairs: what was evaluated; the pictures of the shown ones are read again.
        evaluation: its numbers.
        inputs: the frames that were matted, for a picture beside the alphas.
        show: told the progress after every frame that gets pictures.

    Raises:
        InputError: `inputs` lacks a frame.
        MediaError: a picture cannot be read.
    """
    rank = ranking_value(evaluation)
    worst = worst_frames(evaluation, rank, _WORST)
    spread = _spread_evenly([pair.name for pair in pairs if pair.name not in worst])
    cards = _cards((*worst, *spread), pairs, evaluation, inputs, show)
    sections = [
        f"<header><h1>Mattes compared</h1>{_describe_sides(title, len(pairs))}</header>",
        _section("Means", _means(evaluation)),
        _section("Over time", _graphs(evaluation, pairs)),
        _section(f"Worst frames by {title_of(rank)}", _legend() + "".join(cards[: len(worst)])),
        _section("Along the clip", "".join(cards[len(worst) :])) if spread else "",
        _section("All frames", _all_frames(evaluation.frames)),
        f"<footer>Wisp {html.escape(__version__)}</footer>",
    ]
    return _page("".join(sections))


def ranking_value(evaluation: Evaluation) -> str:
    """Return what frames are ranked by: MAD where it was measured, else the first measure."""
    return _RANKED_BY if _RANKED_BY in evaluation.mean else next(iter(evaluation.mean))


def worst_frames(evaluation: Evaluation, value: str, count: int) -> tuple[str, ...]:
    """Return the names of the frames with the worst values, the worst first."""
    sign = 1.0 if more_is_better(value) else -1.0
    known = [
        (sign * found, name)
        for name, row in evaluation.frames.items()
        if (found := row.get(value)) is not None
    ]
    return tuple(name for _, name in sorted(known, key=lambda entry: entry[0])[:count])


def _spread_evenly(names: Sequence[str]) -> tuple[str, ...]:
    """Return some names, evenly spaced from the first to the last."""
    picked = np.linspace(0, len(names) - 1, min(_SPREAD, len(names))).round().astype(int)
    return tuple(names[k] for k in picked)


def _page(body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Wisp: mattes compared</title><style>{_STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    )


def _section(heading: str, body: str) -> str:
    return f"<section><h2>{html.escape(heading)}</h2>{body}</section>"


def _describe_sides(title: ReportTitle, count: int) -> str:
    frames = "1 frame" if count == 1 else f"{count} frames"
    return (
        f"<dl><dt>Mattes</dt><dd>{html.escape(title.pred)}</dd>"
        f"<dt>Truth</dt><dd>{html.escape(title.truth)}</dd><dt>Frames</dt><dd>{frames}</dd></dl>"
    )


def _means(evaluation: Evaluation) -> str:
    note = "<p>↓ smaller is better, ↑ larger is better.</p>"
    if len(evaluation.objects) == 1:
        return _one_object(evaluation.mean) + note
    rows = {"all": evaluation.mean}
    rows |= {folder or "(top)": row for folder, row in evaluation.objects.items()}
    return _table(rows, "") + note


def _one_object(mean: MetricValues) -> str:
    """A row for each measure, with a column for the band if there is one."""
    columns = ["", BAND_SUFFIX] if any(name.endswith(BAND_SUFFIX) for name in mean) else [""]
    head = "".join(f"<th>{'in band' if end else 'whole picture'}</th>" for end in columns)
    body = "".join(
        f'<tr><th scope="row">{html.escape(_head_column(name))}</th>'
        + "".join(f"<td>{_number(mean.get(name + end))}</td>" for end in columns)
        + "</tr>"
        for name in mean
        if not name.endswith(BAND_SUFFIX)
    )
    return f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table>"


def _all_frames(frames: Mapping[str, MetricValues]) -> str:
    return f"<details><summary>{len(frames)} rows</summary>{_table(frames, 'frame')}</details>"


def _table(rows: Mapping[str, MetricValues], corner: str) -> str:
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    head = "".join(f"<th>{html.escape(_head_column(name))}</th>" for name in columns)
    body = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th>'
        + "".join(f"<td>{_number(row.get(column))}</td>" for column in columns)
        + "</tr>"
        for name, row in rows.items()
    )
    return (
        f'<div class="wide"><table><thead><tr><th>{html.escape(corner)}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _head_column(value: str) -> str:
    return f"{title_of(value)} {'↑' if more_is_better(value) else '↓'}"


def _number(value: float | None) -> str:
    return _NONE if value is None else f"{value:.3f}"


def _graphs(evaluation: Evaluation, pairs: Sequence[FramePair]) -> str:
    """Draw each measure over time, with a line for each object.

    One object's values inside the band join those of the whole picture.
    """
    folders: dict[str, list[FramePair]] = {}
    for pair in pairs:
        folders.setdefault(pair.folder, []).append(pair)
    longest = [pair.stem for pair in max(folders.values(), key=len)]
    figures = []
    for value in evaluation.mean:
        if len(folders) > 1:
            lines = {name: _series(evaluation, of, value) for name, of in folders.items()}
        elif value.endswith(BAND_SUFFIX):
            continue
        else:
            lines = {
                label: _series(evaluation, pairs, name)
                for label, name in (("whole picture", value), ("in band", value + BAND_SUFFIX))
                if name in evaluation.mean
            }
        figures.append(_graph(value, lines, longest))
    return f'<div class="graphs">{"".join(figures)}</div>'


def _series(evaluation: Evaluation, pairs: Sequence[FramePair], value: str) -> Series:
    return [evaluation.frames[pair.name].get(value) for pair in pairs]


def _graph(value: str, lines: Mapping[str, Series], frames: Sequence[str]) -> str:
    keys = "".join(
        f'<span class="key c{k % LINE_COLOURS}">{html.escape(name or "(top)")}</span>'
        for k, name in enumerate(lines)
    )
    legend = f'<p class="keys">{keys}</p>' if len(lines) > 1 else ""
    graph = line_graph(lines, frames, from_zero=not more_is_better(value))
    heading = f"<figcaption>{html.escape(_head_column(value))}</figcaption>"
    return f"<figure>{heading}{graph}{legend}</figure>"


def _legend() -> str:
    return (
        '<p>In the error map black is right, <b class="opaque">orange</b> is too opaque and '
        '<b class="clear">blue</b> too clear; small errors are drawn brighter than they are '
        "(square root), and of the pixels that become one the worst is shown.</p>"
    )


def _cards(
    names: Sequence[str],
    pairs: Sequence[FramePair],
    evaluation: Evaluation,
    inputs: InputPictures | None,
    show: Callable[[Progress], None],
) -> list[str]:
    by_name = {pair.name: pair for pair in pairs}
    pace = Pace("Drawing", len(names))
    cards = []
    for name in names:
        cards.append(_card(by_name[name], evaluation.frames[name], inputs))
        show(pace.advance())
    return cards


def _card(pair: FramePair, row: MetricValues, inputs: InputPictures | None) -> str:
    """Show one frame: its numbers, then input, alpha, truth and error."""
    pred, truth = read_alphas(pair)
    pictures = {} if inputs is None else {"input": embed_photo(inputs.read(pair))}
    pictures |= {
        "alpha": embed_alpha(pred),
        "truth": embed_alpha(truth),
        "error": embed_error(pred, truth),
    }
    name = html.escape(pair.name)
    shown = "".join(
        f'<figure><img src="{url}" alt="{kind} of {name}" loading="lazy">'
        f"<figcaption>{kind}</figcaption></figure>"
        for kind, url in pictures.items()
    )
    numbers = "".join(
        f"<span>{html.escape(title_of(value))} <b>{_number(number)}</b></span>"
        for value, number in row.items()
    )
    return (
        f'<article><h3>{name}</h3><p class="numbers">{numbers}</p>'
        f'<div class="pictures">{shown}</div></article>'
    )


_STYLE = """
:root { color-scheme: light dark; --paper: #fafafa; --card: #fff; --ink: #1c1c1e; --faint: #6b6b70;
  --rule: #d9d9de; --c0: #0a64c8; --c1: #d2550a; --c2: #1a8a4b; --c3: #a036b4; --c4: #a07800;
  --c5: #008c96; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #161618; --card: #202024; --ink: #ececf0; --faint: #9a9aa2; --rule: #3a3a40;
    --c0: #5aa5ff; --c1: #ff9650; --c2: #50d28c; --c3: #d782eb; --c4: #e6be3c; --c5: #46d2dc; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.45 system-ui, sans-serif; }
main { max-width: 1280px; margin: 0 auto; padding: 24px; }
h1 { font-size: 24px; margin: 0 0 8px; } h2 { font-size: 18px; margin: 32px 0 12px; }
h3 { font-size: 15px; margin: 0; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 12px; margin: 0; }
dt, p, figcaption, footer { color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; }
p { margin: 8px 0; } b { color: var(--ink); font-weight: 600; }
b.opaque { color: #e0601a; } b.clear { color: #3090ff; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 12px; border-bottom: 1px solid var(--rule); text-align: right;
  white-space: nowrap; }
th:first-child { text-align: left; padding-left: 0; } th { font-weight: 600; }
tbody th { font-weight: 400; }
.graphs { display: grid; gap: 16px;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr)); }
figure { margin: 0; } figcaption { font-size: 13px; }
.graphs figure, article { background: var(--card); border: 1px solid var(--rule);
  border-radius: 8px; padding: 12px; }
svg { display: block; width: 100%; height: auto; }
svg text { font-size: 12px; fill: var(--faint); } svg .grid { stroke: var(--rule); }
.c0 { --line: var(--c0); } .c1 { --line: var(--c1); } .c2 { --line: var(--c2); }
.c3 { --line: var(--c3); } .c4 { --line: var(--c4); } .c5 { --line: var(--c5); }
.line polyline { fill: none; stroke: var(--line); stroke-width: 2; stroke-linejoin: round; }
.line circle { fill: var(--line); }
.keys, .numbers { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 13px; }
.key, .numbers span { white-space: nowrap; }
.key::before { content: ""; display: inline-block; width: 14px; height: 3px;
  margin-right: 6px; vertical-align: middle; background: var(--line); }
article { margin: 0 0 16px; }
.pictures { display: flex; gap: 10px; } .pictures figure { flex: 0 1 auto; min-width: 0; }
@media (max-width: 700px) { .pictures { flex-wrap: wrap; } }
.pictures img { display: block; max-width: 100%; height: auto; background: #000; }
summary { cursor: pointer; } footer { margin-top: 32px; font-size: 13px; }
"""
"""Style sheet of the page, light and dark."""
