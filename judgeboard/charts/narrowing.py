"""How far an interval reaches to either side by the number of votes: a line each for judges and people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import altair as alt

from judgeboard.charts.svg import drawn
from judgeboard.charts.theme import DOT, INK, JUDGES, PEOPLE, SOFT, Layers, by_whom, framed

LEFT, TOP, RIGHT, BOTTOM, HEIGHT = 64, 38, 24, 48, 280
ROOM = 1.08  # of an axis, beyond the outermost mark


@dataclass(frozen=True)
class Reach:
    """Points to either side with so many votes; None where it is not measured."""

    votes: int
    judges: float | None
    people: float | None
    is_today: bool = False


def narrowing(reaches: Sequence[Reach], aim: float, summary: str) -> str:
    """SVG of at least two reaches, from few votes to many; `aim`: the points that are wished for."""
    marks = [mark for reach in reaches for mark in _marks(reach)]
    ends = [reaches[0].votes / ROOM, reaches[-1].votes * ROOM]
    most = max(points for reach in reaches for points in (reach.judges, reach.people) if points is not None) * ROOM
    round_ = [reach.votes for reach in reaches if not reach.is_today]
    axis = alt.Axis(title="Votes", format="~s", values=round_, labelOverlap="greedy", grid=False)
    x = partial(alt.X, axis=axis, scale=alt.Scale(type="log", domain=ends, nice=False))
    y = partial(alt.Y, axis=alt.Axis(title="± points", format="~g"), scale=alt.Scale(domain=[0, most], nice=False))
    data = {
        "marks": marks,
        "aim": [{"points": aim, "told": f"±{aim:g} points"}],
        "today": [{"votes": reach.votes, "name": f"today: {reach.votes:,}"} for reach in reaches if reach.is_today],
    }
    layers = [*_rules(x, y), *_lines(x, y), *_words(x)]
    return drawn(framed(layers, left=LEFT, top=TOP, right=RIGHT, bottom=BOTTOM, height=HEIGHT), data, summary)


def _marks(reach: Reach) -> Iterator[dict[str, Any]]:
    for who, points in ((JUDGES, reach.judges), (PEOPLE, reach.people)):
        if points is not None:
            told = f"{reach.votes:,} votes, {who}: ±{points:.1f} points"
            yield {"votes": reach.votes, "who": who, "points": points, "told": told}


def _rules(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    aim = alt.Chart(alt.NamedData("aim")).mark_rule(stroke=INK, strokeWidth=1, strokeDash=[5, 4])
    yield aim.encode(y=y("points:Q"), description="told:N")
    today = alt.Chart(alt.NamedData("today")).mark_rule(stroke=SOFT, strokeWidth=1, strokeDash=[5, 4])
    yield today.encode(x=x("votes:Q"), description="name:N")


def _lines(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    marks = alt.Chart(alt.NamedData("marks")).encode(x=x("votes:Q"), y=y("points:Q"))
    yield marks.mark_line(strokeWidth=1.5, aria=False).encode(**by_whom("stroke"))
    dots = marks.mark_point(size=DOT, strokeWidth=2).encode(description="told:N")
    yield dots.encode(**by_whom("stroke", "fill", "shape"))


def _words(x: partial[alt.X]) -> Layers:
    words = alt.Chart(alt.NamedData("today")).mark_text(align="left", dx=6, color=SOFT, aria=False)
    yield words.encode(x=x("votes:Q"), y=alt.value(8), text="name:N")
