"""Axes of ratings: wide enough for every mark that says something about where models stand."""

from collections.abc import Iterable
from dataclasses import dataclass

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


def ends_around(intervals: Iterable[Interval]) -> Ends:
    """Holds every value and every bounded interval; one that is not would push all others together."""
    known = list(intervals)
    if not known:
        raise NothingToDraw("No rating here has an interval yet: too little was compared.")
    values = [told.value for told in known]
    values += [end for told in known if told.bounded for end in (told.lower, told.upper)]
    low, high = min(values), max(values)
    room = max((high - low) * ROOM, (LEAST - (high - low)) / 2)
    return Ends(low - room, high + room)
