"""Ratings with their intervals over what they cost, with the frontier that nothing cheaper outrates."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from math import ceil, floor, log10
from typing import Any

import altair as alt

from judgeboard.charts.axes import Ends, Interval, ends_around
from judgeboard.charts.labels import Point, labels
from judgeboard.charts.points import MOST_NAMES, dots, words
from judgeboard.charts.svg import drawn
from judgeboard.charts.theme import ACCENT, SOFT, WIDTH, Layers, framed

LEFT, TOP, RIGHT, BOTTOM = 64, 38, 18, 48
SIDE = WIDTH - LEFT - RIGHT
FEW_POWERS = 4
ROOM = 1.25  # times cheaper and dearer than what is shown
FREE = 2.0  # times cheaper than the cheapest with a price stands what costs nothing
ON, OFF = "on the frontier", "something as cheap is rated higher"


@dataclass(frozen=True)
class Priced:
    """One model. `usd`: what the axis says, not negative."""

    model: str
    href: str
    usd: float
    rating: Interval
    frontier: bool


@dataclass(frozen=True)
class Costs:
    """Logarithmic, from the cheapest to the dearest."""

    low: float
    high: float

    @classmethod
    def around(cls, models: Sequence[Priced]) -> "Costs":
        paid = [priced.usd for priced in models if priced.usd] or [1.0]
        free = FREE if any(not priced.usd for priced in models) else 1.0
        return cls(min(paid) / free / ROOM, max(paid) * ROOM)

    @property
    def ticks(self) -> list[float]:
        """1, 2 and 5 of each power of ten; where these are many, its 1 alone."""
        powers = range(floor(log10(self.low)), ceil(log10(self.high)) + 1)
        steps = (1, 2, 5) if len(powers) <= FEW_POWERS else (1,)
        return [step * 10.0**power for power in powers for step in steps if self.low <= step * 10.0**power <= self.high]

    def shown(self, usd: float) -> float:
        return usd or self.low * ROOM

    def pixel(self, usd: float) -> float:
        return SIDE * log10(usd / self.low) / log10(self.high / self.low)

    def at(self, pixel: float) -> float:
        return self.low * float((self.high / self.low) ** (pixel / SIDE))


def pareto(models: Sequence[Priced], axis: str, summary: str, rating: str = "Judges’ rating") -> str:
    """SVG of at least one model; `axis` says what is paid for, `rating` for what. The frontier is named first."""
    ends, costs = ends_around(priced.rating for priced in models), Costs.around(models)
    scale = alt.Scale(type="log", domain=[costs.low, costs.high], nice=False)
    x = partial(alt.X, axis=alt.Axis(title=axis, format="$~r", values=costs.ticks), scale=scale)
    y = partial(alt.Y, axis=alt.Axis(title=rating, format="d"), scale=ends.scale())
    data = {
        "models": [_row(priced, ends, costs) for priced in models],
        "frontier": _steps(models, costs),
        "names": _names(models, ends, costs),
    }
    layers = [
        *_frontier(x, y),
        *_intervals(x, y),
        dots(x("usd:Q"), y("rating:Q"), "where", filled=ON, hollow=OFF),
        *words(x("usd:Q"), y("rating:Q")),
    ]
    return drawn(framed(layers, left=LEFT, top=TOP, right=RIGHT, bottom=BOTTOM, height=SIDE), data, summary)


def _row(priced: Priced, ends: Ends, costs: Costs) -> dict[str, Any]:
    return {
        "usd": costs.shown(priced.usd),
        "rating": priced.rating.value,
        "lower": ends.within(priced.rating.lower),
        "upper": ends.within(priced.rating.upper),
        "where": ON if priced.frontier else OFF,
        "href": priced.href,
        "told": f"{priced.model}: {priced.rating}, ${priced.usd:.3g}",
    }


def _steps(models: Sequence[Priced], costs: Costs) -> list[dict[str, float]]:
    """From the cheapest on the frontier to the right end, level until something better can be had."""
    best_last = sorted((priced for priced in models if priced.frontier), key=lambda priced: priced.usd)
    steps = [{"usd": costs.shown(priced.usd), "rating": priced.rating.value} for priced in best_last]
    return [*steps, {"usd": costs.high, "rating": best_last[-1].rating.value}] if steps else []


def _names(models: Sequence[Priced], ends: Ends, costs: Costs) -> list[dict[str, Any]]:
    pixel = (ends.high - ends.low) / SIDE  # Elo points
    points = [
        Point(priced.model, costs.pixel(costs.shown(priced.usd)), (ends.high - priced.rating.value) / pixel)
        for priced in sorted(models, key=lambda priced: not priced.frontier)
    ]
    return [
        {"name": label.text, "usd": costs.at(label.x), "rating": ends.high - label.y * pixel, "before": label.before}
        for label in islice(labels(points, SIDE), MOST_NAMES)
    ]


def _frontier(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    line = alt.Chart(alt.NamedData("frontier")).mark_line(
        stroke=SOFT, strokeWidth=1, strokeDash=[5, 4], interpolate="step-after", aria=False
    )
    yield line.encode(x=x("usd:Q"), y=y("rating:Q"))


def _intervals(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    lines = alt.Chart(alt.NamedData("models")).mark_rule(strokeWidth=1.5, opacity=0.6, stroke=ACCENT, aria=False)
    yield lines.encode(x=x("usd:Q"), y=y("lower:Q"), y2="upper:Q")
