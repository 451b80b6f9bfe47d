"""Every model's rating by the judges and by the people, with intervals: one line a model, judges above people."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

import altair as alt

from judgeboard.charts.axes import Ends, Interval, ends_around
from judgeboard.charts.names import pixels, shortened
from judgeboard.charts.svg import drawn
from judgeboard.charts.theme import DOT, JUDGES, PEOPLE, SOFT, Layers, by_whom, framed

GAP = 18  # pixels from the longest name to the axis
LINE = 30  # pixels from one model to the next
ASIDE = {JUDGES: -0.16, PEOPLE: 0.16}  # of a line, from its middle
BEYOND = {"lower": "M.4,-.8L-.4,0L.4,.8", "upper": "M-.4,-.8L.4,0L-.4,.8"}
NOTHING = Interval(0, 0, 0)
Marks = list[dict[str, Any]]
Channel = Callable[[str], alt.X]


@dataclass(frozen=True)
class Line:
    """One model. `among`: what it stands under, the same for all in one group; empty where all are in one."""

    model: str
    href: str
    among: str
    judges: Interval | None
    people: Interval | None


def forest(lines: Sequence[Line], summary: str, *, axis: str = "Rating", zero: bool = False) -> str:
    """SVG of the lines in their order, at least one of which has an interval, called by the summary.

    `zero`: what is drawn are differences, so 0 is marked.
    """
    shown = [told for line in lines for told in (line.judges, line.people) if told]
    ends = ends_around([*shown, *([NOTHING] if zero else [])])
    names, heads = _places(lines)
    marks = [mark for place, line in zip(names, lines, strict=True) for mark in _marks(place["y"], line, ends)]
    x = partial(alt.X, axis=alt.Axis(orient="top", title=axis, format="d"), scale=ends.scale())
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, len(names) + len(heads)], reverse=True))
    left = round(max(pixels(place["name"]) for place in names)) + GAP
    layers = [*(_zero(x) if zero else ()), *_intervals(x, y), *_dots(x, y), *_names(left, y), *_heads(left, y)]
    height = LINE * (len(names) + len(heads))
    chart = framed(layers, left=left, top=74, right=18, bottom=4, height=height)
    return drawn(chart, {"marks": marks, "names": names, "heads": heads, "zero": [{"value": 0}]}, summary)


def _places(lines: Sequence[Line]) -> tuple[Marks, Marks]:
    """The names and what groups of them stand under, from the top down."""
    names: Marks = []
    heads: Marks = []
    for among, group in groupby(lines, key=lambda line: line.among):
        if among:
            heads.append({"y": len(names) + len(heads) + 0.5, "head": among})
        for line in group:
            names.append({"y": len(names) + len(heads) + 0.5} | _name(line))
    return names, heads


def _name(line: Line) -> dict[str, str]:
    return {"name": shortened(line.model), "model": line.model, "href": line.href}


def _marks(y: float, line: Line, ends: Ends) -> Iterator[dict[str, Any]]:
    for who, told in ((JUDGES, line.judges), (PEOPLE, line.people)):
        if told:
            yield {
                "y": y + ASIDE[who],
                "who": who,
                "value": told.value,
                "lower": ends.within(told.lower),
                "upper": ends.within(told.upper),
                "lower_beyond": told.lower < ends.low,
                "upper_beyond": told.upper > ends.high,
                "href": line.href,
                "told": f"{line.model}, {who}: {told}",
            }


def _zero(x: Channel) -> Layers:
    line = alt.Chart(alt.NamedData("zero")).mark_rule(stroke=SOFT, strokeWidth=1, strokeDash=[5, 4], aria=False)
    yield line.encode(x=x("value:Q"))


def _intervals(x: Channel, y: alt.Y) -> Layers:
    """The lines, and an arrow at the end of each that goes on beyond the axis."""
    lines = alt.Chart(alt.NamedData("marks")).mark_rule(strokeWidth=2, strokeCap="round", aria=False)
    yield lines.encode(x=x("lower:Q"), x2="upper:Q", y=y, **by_whom("stroke"))
    for side, shape in BEYOND.items():
        arrows = alt.Chart(alt.NamedData("marks")).mark_point(shape=shape, strokeWidth=2, size=140, aria=False)
        yield arrows.transform_filter(f"datum.{side}_beyond").encode(x=x(f"{side}:Q"), y=y, **by_whom("stroke"))


def _dots(x: Channel, y: alt.Y) -> Layers:
    dots = alt.Chart(alt.NamedData("marks")).mark_point(size=DOT, strokeWidth=2)
    yield dots.encode(x=x("value:Q"), y=y, href="href:N", description="told:N", **by_whom("stroke", "fill", "shape"))


def _names(left: int, y: alt.Y) -> Layers:
    words = alt.Chart(alt.NamedData("names")).mark_text(align="left")
    yield words.encode(x=alt.value(-left), y=y, text="name:N", href="href:N", description="model:N")


def _heads(left: int, y: alt.Y) -> Layers:
    words = alt.Chart(alt.NamedData("heads")).mark_text(align="left", color=SOFT, dy=6, aria=False)
    yield words.encode(x=alt.value(-left), y=y, text="head:N")
