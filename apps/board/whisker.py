"""The geometry of a whisker: a value and its interval on an axis that all rows of a table share. Draws nothing."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from apps.ratings.models import Rating
from apps.ratings.rows import Row

WIDTH = 240.0
MARGIN = 10.0  # room for half a mark at either end
STEPS = (5, 10, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000)
MOST_TICKS = 5


@dataclass(frozen=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True)
class Whisker:
    """Where the interval starts, the mark stands and the interval ends. `open_*`: it goes on beyond the axis."""

    left: float
    mark: float
    right: float
    open_left: bool
    open_right: bool

    @property
    def line(self) -> str:
        """As the data of a path. Numbers written here look the same in every language."""
        return f"M{self.left} 8H{self.right}"

    @property
    def dot(self) -> str:
        return str(self.mark)


@dataclass(frozen=True)
class Axis:
    low: float
    high: float
    step: float

    width = WIDTH

    @property
    def ticks(self) -> tuple[Tick, ...]:
        count = round((self.high - self.low) / self.step)
        values = (self.low + number * self.step for number in range(count + 1))
        return tuple(Tick(self.x(value), f"{value:g}") for value in values)

    @cached_property
    def grid(self) -> str:
        """A line at each tick, as the data of one path."""
        return "".join(f"M{tick.x} 0v32" for tick in self.ticks)

    def x(self, value: float) -> float:
        """Values beyond the ends are drawn at the ends."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)

    def whisker(self, value: float, lower: float, upper: float) -> Whisker:
        return Whisker(self.x(lower), self.x(value), self.x(upper), lower < self.low, upper > self.high)


PERCENT = Axis(0, 100, 25)


def axis_over(values: Iterable[float]) -> Axis | None:
    """A round axis that holds every value; None without any."""
    known = list(values)
    if not known:
        return None
    low, high = min(known), max(known)
    step = next((step for step in STEPS if (high - low) / step <= MOST_TICKS - 1), STEPS[-1])
    start, end = math.floor(low / step) * step, math.ceil(high / step) * step
    return Axis(start, max(end, start + step), step)


def rating_axis(rows: Iterable[Row]) -> Axis | None:
    return axis_of(told for row in rows for told in (row.judges, row.humans))


def axis_of(ratings: Iterable[Rating | None]) -> Axis | None:
    """Holds every rating, and of the bounded intervals what a few wide ones would not push all others together for.

    That is so far beyond the ratings as the middle one of the intervals is wide; what goes on is drawn open.
    """
    told = [one for one in ratings if one and one.rating is not None]
    values = [one.rating for one in told if one.rating is not None]
    spans = [(one.lower, one.upper) for one in told if one.bounded and one.lower is not None and one.upper is not None]
    if not spans:
        return axis_over(values)
    room = median(upper - lower for lower, upper in spans)
    low, high = min(values) - room, max(values) + room
    return axis_over([*values, *(min(max(end, low), high) for span in spans for end in span)])
