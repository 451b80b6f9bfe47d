"""Axes of ratings: wide enough for every mark that says something about where models stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

import altair as alt

LEAST = 100.0  # Elo points from end to end
ROOM = 0.04  # of the axis, beyond the outermost mark


@dataclass(frozen=True)
class Interval:
    """A rating with what it may be. `bounded` is False where one end is a convention, and says nothing of the axis."""

    value: float
    lower: float
    upper: float
    bounded: bool = True

    def __str__(self) -> str:
        return f"{self.value:.0f} ({self.lower:.0f} to {self.upper:.0f})".replace("-", "−")


class NothingToDraw(Exception):
    """Says why, in a sentence for whoever looks for the chart."""


@dataclass(frozen=True)
class Ends:
    low: float
    high: float

    def within(self, value: float) -> float:
        return min(max(value, self.low), self.high)

    def scale(self) -> alt.Scale:
        return alt.Scale(domain=[self.low, self.high], nice=False)


def ends_around(intervals: Iterable[Interval], least: float = LEAST) -> Ends:
    """Holds every value, and of the bounded intervals what a few wide ones would not push all others together for.

    That is so far beyond the values as the middle one of the intervals is wide; the rest is cut at the end.
    `least`: from end to end.
    """
    known = list(intervals)
    if not known:
        raise NothingToDraw("No rating here has an interval yet: too little was compared.")
    values = [told.value for told in known]
    bounded = [told for told in known if told.bounded]
    beyond = median(told.upper - told.lower for told in bounded) if bounded else 0.0
    low = min([*values, *(max(told.lower, min(values) - beyond) for told in bounded)])
    high = max([*values, *(min(told.upper, max(values) + beyond) for told in bounded)])
    room = max((high - low) * ROOM, (least - (high - low)) / 2)
    return Ends(low - room, high + room)
