"""One model's rating by judges and by people from release to release, with intervals, on an axis of days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import altair as alt

from judgeboard.charts.axes import Ends, Interval, ends_around
from judgeboard.charts.svg import drawn
from judgeboard.charts.theme import DOT, JUDGES, PEOPLE, WIDTH, Layers, by_whom, framed

LEFT, TOP, RIGHT, BOTTOM, HEIGHT = 64, 38, 24, 36, 260
ASIDE = {JUDGES: -3.0, PEOPLE: 3.0}  # pixels from the day
ROOM = 14  # pixels from the outermost days to the ends of the axis
FEW = 6  # days that are all named on the axis


@dataclass(frozen=True)
class Release:
    day: date
    href: str
    judges: Interval | None
    people: Interval | None


@dataclass(frozen=True)
class Days:
    """Milliseconds since 1970, at the ends of an axis with room beside the outermost days."""

    low: float
    high: float

    @classmethod
    def around(cls, releases: Sequence[Release]) -> "Days":
        days = [_milliseconds(release.day) for release in releases]
        room = (max(days) - min(days) or 1.0) * ROOM / (WIDTH - LEFT - RIGHT - 2 * ROOM)
        return cls(min(days) - room, max(days) + room)

    @property
    def pixel(self) -> float:
        return (self.high - self.low) / (WIDTH - LEFT - RIGHT)


def releases(told: Sequence[Release], summary: str) -> str:
    """SVG of releases, oldest first, at least one of which has an interval."""
    ends = ends_around(one for release in told for one in (release.judges, release.people) if one)
    days = Days.around(told)
    named = [_milliseconds(release.day) for release in told] if len(told) <= FEW else alt.Undefined
    axis = alt.Axis(title=None, format="%-d %b %Y", values=named, grid=False, labelOverlap="greedy", labelSeparation=12)
    x = partial(alt.X, axis=axis, scale=alt.Scale(type="utc", domain=[days.low, days.high], nice=False))
    y = partial(alt.Y, axis=alt.Axis(title="Rating", format="d"), scale=ends.scale())
    marks = [mark for release in told for mark in _marks(release, ends, days)]
    layers = [*_lines(x, y), *_dots(x, y)]
    chart = framed(layers, left=LEFT, top=TOP, right=RIGHT, bottom=BOTTOM, height=HEIGHT)
    return drawn(chart, {"marks": marks}, summary)


def _milliseconds(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000


def _marks(release: Release, ends: Ends, days: Days) -> Iterator[dict[str, Any]]:
    for who, told in ((JUDGES, release.judges), (PEOPLE, release.people)):
        if told:
            yield {
                "at": _milliseconds(release.day) + ASIDE[who] * days.pixel,
                "who": who,
                "value": told.value,
                "lower": ends.within(told.lower),
                "upper": ends.within(told.upper),
                "href": release.href,
                "told": f"{release.day.isoformat()}, {who}: {told}",
            }


def _lines(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    marks = alt.Chart(alt.NamedData("marks")).encode(x=x("at:T"))
    yield marks.mark_line(strokeWidth=1, opacity=0.6, aria=False).encode(y=y("value:Q"), **by_whom("stroke"))
    intervals = marks.mark_rule(strokeWidth=2, strokeCap="round", aria=False)
    yield intervals.encode(y=y("lower:Q"), y2="upper:Q", **by_whom("stroke"))


def _dots(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    dots = alt.Chart(alt.NamedData("marks")).mark_point(size=DOT, strokeWidth=2)
    place = dots.encode(x=x("at:T"), y=y("value:Q"), href="href:N", description="told:N")
    yield place.encode(**by_whom("stroke", "fill", "shape"))
