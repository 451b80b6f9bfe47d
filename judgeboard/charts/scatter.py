"""The judges' rating of every model against the people's, with both intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import altair as alt

from judgeboard.charts.axes import Ends, Interval, ends_around
from judgeboard.charts.labels import Point, labels
from judgeboard.charts.points import MOST_NAMES, dots, words
from judgeboard.charts.svg import drawn
from judgeboard.charts.theme import ACCENT, INK, SOFT, WIDTH, Layers, framed

LEFT, RIGHT = 64, 18  # pixels beside the square
SIDE = WIDTH - LEFT - RIGHT
MANY = 40  # models, from which on intervals are drawn fainter
ALIKE, APART = "could be equal", "surely differ"


@dataclass(frozen=True)
class Seen:
    """One model. `apart`: the difference of the two ratings cannot be chance."""

    model: str
    href: str
    judges: Interval
    people: Interval
    apart: bool


def scatter(models: Sequence[Seen], summary: str, rating: str = "Judges’ rating") -> str:
    """SVG of at least one model; `rating`: whose stands upwards. Names stand where there is room."""
    ends = ends_around(told for seen in models for told in (seen.judges, seen.people))
    data = {
        "models": [_row(seen, ends) for seen in models],
        "names": _names(models, ends),
        "equal": [{"end": ends.low}, {"end": ends.high}],
    }
    x = partial(alt.X, axis=alt.Axis(title="People’s rating", format="d"), scale=ends.scale())
    y = partial(alt.Y, axis=alt.Axis(title=rating, format="d"), scale=ends.scale())
    faint = 0.3 if len(models) > MANY else 0.6
    layers = [
        *_diagonal(x, y),
        *_intervals(x, y, faint),
        dots(x("people:Q"), y("judges:Q"), "seen", filled=APART, hollow=ALIKE),
        *words(x("people:Q"), y("judges:Q")),
    ]
    chart = framed(layers, left=LEFT, top=38, right=RIGHT, bottom=48, height=SIDE)
    return drawn(chart, data, summary)


def _row(seen: Seen, ends: Ends) -> dict[str, Any]:
    return {
        "people": seen.people.value,
        "people_lower": ends.within(seen.people.lower),
        "people_upper": ends.within(seen.people.upper),
        "judges": seen.judges.value,
        "judges_lower": ends.within(seen.judges.lower),
        "judges_upper": ends.within(seen.judges.upper),
        "seen": APART if seen.apart else ALIKE,
        "href": seen.href,
        "told": f"{seen.model}: judges {seen.judges}, people {seen.people}",
    }


def _names(models: Sequence[Seen], ends: Ends) -> list[dict[str, Any]]:
    """Of models seen apart first, then of the others in their order."""
    pixel = (ends.high - ends.low) / SIDE  # Elo points
    points = [
        Point(seen.model, (seen.people.value - ends.low) / pixel, (ends.high - seen.judges.value) / pixel)
        for seen in sorted(models, key=lambda seen: not seen.apart)
    ]
    return [
        {"name": label.text, "people": ends.low + label.x * pixel, "judges": ends.high - label.y * pixel} | vars(label)
        for label in islice(labels(points, SIDE), MOST_NAMES)
    ]


def _diagonal(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    line = alt.Chart(alt.NamedData("equal")).mark_line(stroke=SOFT, strokeWidth=1, strokeDash=[5, 4], aria=False)
    yield line.encode(x=x("end:Q"), y=y("end:Q"))


def _intervals(x: partial[alt.X], y: partial[alt.Y], opacity: float) -> Layers:
    lines = alt.Chart(alt.NamedData("models")).mark_rule(strokeWidth=1.5, opacity=opacity, aria=False)
    yield lines.encode(x=x("people_lower:Q"), x2="people_upper:Q", y=y("judges:Q"), stroke=alt.value(INK))
    yield lines.encode(x=x("people:Q"), y=y("judges_lower:Q"), y2="judges_upper:Q", stroke=alt.value(ACCENT))
