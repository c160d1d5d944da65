from __future__ import annotations

from xml.etree import ElementTree

import pytest

from matting_core.evaluation.graphs import line_graph, nice_ceiling
from tests.tables import table


def _parsed(lines, frames) -> ElementTree.Element:
    return ElementTree.fromstring(line_graph(lines, frames))


def _points(svg: ElementTree.Element) -> list[list[tuple[float, float]]]:
    return [
        [tuple(map(float, point.split(","))) for point in each.attrib["points"].split()]
        for each in svg.iter("polyline")
    ]


def test_larger_values_stand_higher_and_later_ones_further_right() -> None:
    (line,) = _points(_parsed({"mad": [0.0, 5.0, 10.0]}, ["a", "b", "c"]))
    assert [x for x, _ in line] == sorted(x for x, _ in line)
    heights = [-y for _, y in line]
    assert heights == sorted(heights)
    assert line[1][1] == pytest.approx((line[0][1] + line[2][1]) / 2, abs=0.1)


def test_a_missing_value_is_a_gap_and_a_lone_one_a_dot() -> None:
    svg = _parsed({"mad": [1.0, 2.0, None, 3.0, None]}, list("abcde"))
    assert [len(run) for run in _points(svg)] == [2]
    assert len(list(svg.iter("circle"))) == 1


def test_one_frame_is_a_dot() -> None:
    svg = _parsed({"mad": [1.0]}, ["only"])
    assert len(list(svg.iter("circle"))) == 1
    assert [text.text for text in svg.iter("text")] == ["0", "0.5", "1", "only"]


def test_values_near_the_top_fill_the_graph_when_asked_to() -> None:
    svg = ElementTree.fromstring(line_graph({"j": [0.96, 0.98]}, list("ab"), from_zero=False))
    assert [text.text for text in svg.iter("text")][:3] == ["0.95", "0.975", "1"]
    (line,) = _points(svg)
    assert line[0][1] - line[1][1] > 40


@table("values", [[1.0, 1.0], [0.0, 0.0], [None, None]])
def test_a_level_line_is_drawn_in_any_scale(values) -> None:
    line_graph({"j": values}, list("ab"), from_zero=False)
    line_graph({"j": values}, list("ab"))


def test_nothing_to_draw_is_an_empty_graph() -> None:
    svg = _parsed({"dtssd": [None]}, ["only"])
    assert not _points(svg)


def test_names_cannot_break_the_page() -> None:
    svg = _parsed({"<b>&": [1.0, 2.0]}, ["<i>", "&"])
    assert next(svg.iter("title")).text == "<b>&"


@table("value", [1e-9, 0.123, 2.5, 99.0, 1e6])
def test_the_axis_ends_just_above_the_values(value) -> None:
    assert value <= nice_ceiling(value) * (1 + 1e-9) <= 2.5 * value
