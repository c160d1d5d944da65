from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import numpy as np

from matting_core.evaluation.folders import match_folders
from matting_core.evaluation.pictures import InputPictures
from matting_core.evaluation.report import ReportTitle, html_report, worst_frames
from matting_core.evaluation.runner import Evaluation, evaluate
from matting_core.metrics.names import DEFAULT_METRICS, Metric
from tests.clips import Encoding, write_numbered_clip
from tests.core.evaluation.helpers import disc, write_clip, write_trimap
from tests.core.evaluation.test_pictures import decoded
from tests.tables import table

_VOID = {"meta", "img", "line", "circle", "polyline"}


class Page(HTMLParser):
    """Collects what a test looks at, and demands that every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.images: dict[str, str] = {}
        self.headings: list[str] = []
        self.graphs = self.lines = 0
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs) -> None:
        if tag not in _VOID:
            self.open.append(tag)
        given = dict(attrs)
        if tag == "img":
            self.images[given["alt"]] = given["src"]
        self.graphs += tag == "svg"
        self.lines += tag == "g"
        assert not {"href", "onerror", "onload"} & given.keys()
        assert tag != "script"

    def handle_startendtag(self, tag, attrs) -> None:
        pass

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        if self.open and self.open[-1] in ("h1", "h2", "h3"):
            self.headings.append(data)


def _report(tmp_path: Path, preds, truths, metrics=DEFAULT_METRICS, **more) -> str:
    pred = write_clip(tmp_path / "pred", preds)
    pairs = match_folders(pred, write_clip(tmp_path / "truth", truths), more.pop("trimap", None))
    title = ReportTitle(str(pred), "truth & <b>more</b>")
    return html_report(title, pairs, evaluate(pairs, metrics), **more)


def test_the_page_holds_frames_graphs_and_numbers(tmp_path: Path) -> None:
    text = _report(tmp_path, range(8, 18), [10] * 10)
    page = Page(text)
    assert page.graphs == page.lines == len(DEFAULT_METRICS)
    assert page.headings[:4] == [
        "Mattes compared",
        "Means",
        "Over time",
        "Worst frames by MAD ×10³",
    ]
    assert page.headings[4] == "alpha_000009"  # furthest away
    assert len(page.images) == 3 * 10
    for k in range(10):
        assert f"error of alpha_{k:06d}" in page.images
    assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_pictures_are_those_of_the_frames(tmp_path: Path) -> None:
    page = Page(_report(tmp_path, [8, 20], [10, 20]))
    np.testing.assert_array_equal(
        decoded(page.images["alpha of alpha_000000"]), np.rint(disc(8) * 255)
    )
    np.testing.assert_array_equal(
        decoded(page.images["truth of alpha_000000"]), np.rint(disc(10) * 255)
    )
    assert decoded(page.images["error of alpha_000001"]).max() == 0


def test_the_input_stands_beside_the_alphas(tmp_path: Path) -> None:
    clip = write_numbered_clip(
        tmp_path / "clip.mkv", 2, (64, 48), encoding=Encoding(codec="ffv1", gop=1)
    )
    with InputPictures(clip) as inputs:
        page = Page(_report(tmp_path, [8, 20], [10, 20], inputs=inputs))
    shown = decoded(page.images["input of alpha_000001"])
    assert shown.shape == (48, 64, 3)
    assert list(page.images)[:4] == [
        f"{kind} of alpha_000000" for kind in ("input", "alpha", "truth", "error")
    ]


def test_one_frame_makes_a_page(tmp_path: Path) -> None:
    page = Page(_report(tmp_path, [8], [10]))
    assert len(page.images) == 3
    assert "Along the clip" not in page.headings


def test_the_band_shares_the_graphs(tmp_path: Path) -> None:
    for k in range(3):
        write_trimap(tmp_path / "trimaps" / f"alpha_{k:06d}.png", disc(10))
    text = _report(tmp_path, [8, 9, 10], [10] * 3, [Metric.MAD], trimap=tmp_path / "trimaps")
    page = Page(text)
    assert (page.graphs, page.lines) == (1, 2)
    assert "MAD ×10³ in band ↓" in text


def test_several_objects_get_a_line_and_a_row_each(tmp_path: Path) -> None:
    for side in ("pred", "truth"):
        write_clip(tmp_path / side / "dog", [10, 12, 14])
        write_clip(tmp_path / side / "cat", [10, 12])
    pairs = match_folders(tmp_path / "pred", tmp_path / "truth")
    text = html_report(ReportTitle("p", "t"), pairs, evaluate(pairs, [Metric.J]))
    page = Page(text)
    assert (page.graphs, page.lines) == (1, 2)
    assert '<th scope="row">dog</th>' in text
    assert "dog/alpha_000002" in page.headings


def test_names_are_escaped(tmp_path: Path) -> None:
    for side in ("pred", "truth"):
        write_clip(tmp_path / side / "<img src=x onerror=1>&", [10, 12])
    pairs = match_folders(tmp_path / "pred", tmp_path / "truth")
    title = ReportTitle('<script>"', "&")
    text = html_report(title, pairs, evaluate(pairs, [Metric.MAD]))
    page = Page(text)
    assert "<img src=x onerror=1>&/alpha_000000" in page.headings
    assert "<script>" not in text


@table(("value", "wanted"), [("mad", ("b", "c")), ("j", ("b", "a"))])
def test_the_worst_come_first(value, wanted) -> None:
    frames = {
        "a": {"mad": 1.0, "j": 0.5},
        "b": {"mad": 9.0, "j": 0.1},
        "c": {"mad": 5.0, "j": 0.9},
        "d": {"mad": None, "j": None},
    }
    assert worst_frames(Evaluation({}, {}, frames), value, 2) == wanted
