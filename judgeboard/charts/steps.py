"""Shares step by step, by judges and by people with intervals, over what was to be expected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import altair as alt

from judgeboard.charts.svg import drawn
from judgeboard.charts.theme import DOT, INK, JUDGES, PEOPLE, SOFT, Layers, by_whom, framed

LEFT, TOP, RIGHT, BOTTOM, HEIGHT = 64, 38, 18, 48, 300
ASIDE = {JUDGES: -0.14, PEOPLE: 0.14}  # of a step, from its middle
HALF = 0.34  # of a step: half of the line that tells what was expected


@dataclass(frozen=True)
class Share:
    value: float
    lower: float
    upper: float
    n: int

    def __str__(self) -> str:
        return f"{100 * self.value:.0f} % ({100 * self.lower:.0f} to {100 * self.upper:.0f}), n = {self.n}"


@dataclass(frozen=True)
class Step:
    name: str
    judges: Share | None
    people: Share | None
    expected: float | None = None


def steps(told: Sequence[Step], across: str, upwards: str, summary: str) -> str:
    """SVG of at least one step; `across` and `upwards` name the axes. A short line is what was expected."""
    x = partial(alt.X, axis=None, scale=alt.Scale(domain=[0, len(told)], nice=False))
    y = partial(alt.Y, axis=alt.Axis(title=upwards, format="%"), scale=alt.Scale(domain=[_lowest(told), 1], nice=False))
    data = {
        "marks": [mark for at, step in enumerate(told) for mark in _marks(at + 0.5, step)],
        "names": [{"at": at + 0.5, "name": step.name} for at, step in enumerate(told)],
        "expected": [row for at, step in enumerate(told) for row in _expected(at + 0.5, step)],
        "axis": [{"at": len(told) / 2, "name": across}],
    }
    layers = [*_foretold(x, y), *_intervals(x, y), *_dots(x, y), *_words(x)]
    return drawn(framed(layers, left=LEFT, top=TOP, right=RIGHT, bottom=BOTTOM, height=HEIGHT), data, summary)


def _lowest(told: Sequence[Step]) -> float:
    """A tenth below what is shown, so that the axis starts at a round number."""
    ends = [share.lower for step in told for share in (step.judges, step.people) if share]
    ends += [step.expected for step in told if step.expected is not None]
    return max(0.0, int(10 * min([*ends, 0.5])) / 10)


def _marks(at: float, step: Step) -> Iterator[dict[str, Any]]:
    for who, share in ((JUDGES, step.judges), (PEOPLE, step.people)):
        if share:
            told = {"told": f"{step.name}, {who}: {share}"}
            yield {"at": at + ASIDE[who], "who": who} | vars(share) | told


def _expected(at: float, step: Step) -> Iterator[dict[str, Any]]:
    if step.expected is not None:
        told = f"{step.name}: {100 * step.expected:.0f} % expected"
        yield {"from": at - HALF, "to": at + HALF, "value": step.expected, "told": told}


def _foretold(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    lines = alt.Chart(alt.NamedData("expected")).mark_rule(stroke=INK, strokeWidth=1, strokeDash=[5, 4])
    yield lines.encode(x=x("from:Q"), x2="to:Q", y=y("value:Q"), description="told:N")


def _intervals(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    lines = alt.Chart(alt.NamedData("marks")).mark_rule(strokeWidth=2, strokeCap="round", aria=False)
    yield lines.encode(x=x("at:Q"), y=y("lower:Q"), y2="upper:Q", **by_whom("stroke"))


def _dots(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    dots = alt.Chart(alt.NamedData("marks")).mark_point(size=DOT, strokeWidth=2)
    yield dots.encode(x=x("at:Q"), y=y("value:Q"), description="told:N", **by_whom("stroke", "fill", "shape"))


def _words(x: partial[alt.X]) -> Layers:
    for name, below in (("names", 16), ("axis", 38)):
        words = alt.Chart(alt.NamedData(name)).mark_text(align="center", color=SOFT, aria=False)
        yield words.encode(x=x("at:Q"), y=alt.value(HEIGHT + below), text="name:N")
