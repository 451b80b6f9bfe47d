"""Ranks from rater to rater: a column a rater, a line a model, a bar for the ranks left open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import altair as alt

from judgeboard.charts.names import LETTER, pixels, shortened
from judgeboard.charts.svg import drawn
from judgeboard.charts.theme import ACCENT, INK, SOFT, SURFACE, WIDTH, Layers, framed

GAP = 16  # pixels from a column to the names
LINE = 30  # pixels from one rank to the next
LEAST = 84  # pixels from one rater to the next
ASIDE = 15  # pixels from the marks to their bars
LANE = 5  # pixels from one bar to the next
REACH = 0.3  # of a rank, beyond the middle of the outermost
MARK = 400  # square pixels, with room for a rank of two digits
TOP, BOTTOM, LEFT = 44, 14, 40


@dataclass(frozen=True)
class Rank:
    """By one rater, with the ranks left open."""

    rank: int
    low: int
    high: int


@dataclass(frozen=True)
class Followed:
    """One model; `ranks` in the order of the raters, None by whoever did not rate it."""

    model: str
    href: str
    ranks: tuple[Rank | None, ...]


def bump(models: Sequence[Followed], raters: Sequence[str], summary: str) -> str:
    """SVG of at least one model, of which the first rater rated each.

    Marks stand in the order of the models that are shown, and say the rank among all.
    """
    right = round(max(pixels(shortened(followed.model)) for followed in models)) + GAP + ASIDE
    step = max((WIDTH - LEFT - right) / max(len(raters) - 0.5, 1), LEAST)
    across = round(step * (len(raters) - 0.5))
    x = partial(alt.X, axis=None, scale=alt.Scale(domain=[-0.25, len(raters) - 0.75], nice=False))
    y = partial(alt.Y, axis=None, scale=alt.Scale(domain=[0.5, len(models) + 0.5], reverse=True, nice=False))
    marks = [mark for at, rater in enumerate(raters) for mark in _marks(models, at, rater, step)]
    names = _names(models, marks, len(raters) - 1)
    data = {
        "ranks": marks,
        "ends": [*marks, *(name for name in names if "rank" not in name)],
        "names": names,
        "raters": [{"at": at, "rater": shortened(rater, int(step / LETTER) - 1)} for at, rater in enumerate(raters)],
    }
    layers = [*_lines(x, y), *_bars(x, y), *_dots(x, y), *_words(x, y)]
    height = LINE * len(models)
    chart = framed(layers, left=LEFT, top=TOP, right=right, bottom=BOTTOM, height=height, across=across)
    return drawn(chart, data, summary)


def _marks(models: Sequence[Followed], at: int, rater: str, step: float) -> Iterator[dict[str, Any]]:
    told = sorted(((rank, followed) for followed in models if (rank := followed.ranks[at])), key=_by_rank)
    ranks = [rank for rank, _ in told]
    for place, ((rank, followed), lane) in enumerate(zip(told, _lanes(ranks), strict=True), 1):
        yield {
            "at": at,
            "bar": at - (ASIDE + LANE * lane) / step,
            "place": place,
            "low": min(place, 1 + sum(other.rank < rank.low for other in ranks)) - REACH,
            "high": max(place, sum(other.rank <= rank.high for other in ranks)) + REACH,
            "rank": rank.rank,
            "text": f"{rank.rank}",
            "name": shortened(followed.model),
            "model": followed.model,
            "href": followed.href,
            "told": _told(followed, rater, rank),
        }


def _names(models: Sequence[Followed], marks: Sequence[dict[str, Any]], last: int) -> list[dict[str, Any]]:
    """Beside the marks of the last rater; below them whoever it did not rate."""
    rated = {mark["href"]: mark for mark in marks if mark["at"] == last}
    rest = [followed for followed in models if followed.href not in rated]
    below = [
        {"at": last, "place": place, "name": shortened(one.model), "model": one.model, "href": one.href}
        for place, one in enumerate(rest, len(rated) + 1)
    ]
    return [*rated.values(), *below]


def _by_rank(told: tuple[Rank, Followed]) -> int:
    return told[0].rank


def _told(followed: Followed, rater: str, rank: Rank) -> str:
    left_open = f"{rank.low}" if rank.low == rank.high else f"{rank.low} to {rank.high}"
    return f"{followed.model}, {rater}: rank {rank.rank} ({left_open})"


def _lanes(ranks: Sequence[Rank]) -> list[int]:
    """For each the first lane, counted from the marks, in which its bar meets no other."""
    ends: list[int] = []  # the highest rank in each lane
    lanes = [0] * len(ranks)
    for number in sorted(range(len(ranks)), key=lambda number: ranks[number].low):
        low, high = ranks[number].low, ranks[number].high
        lane = next((lane for lane, end in enumerate(ends) if end < low), len(ends))
        ends[lane : lane + 1] = [high]
        lanes[number] = lane
    return lanes


def _lines(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    lines = alt.Chart(alt.NamedData("ends")).mark_line(stroke=SOFT, strokeWidth=1.5, aria=False)
    yield lines.encode(x=x("at:Q"), y=y("place:Q"), detail="href:N")


def _bars(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    bars = alt.Chart(alt.NamedData("ranks")).mark_rule(stroke=ACCENT, strokeWidth=2, strokeCap="round", aria=False)
    yield bars.encode(x=x("bar:Q"), y=y("low:Q"), y2="high:Q")


def _dots(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    ranks = alt.Chart(alt.NamedData("ranks")).encode(x=x("at:Q"), y=y("place:Q"))
    dots = ranks.mark_point(shape="circle", size=MARK, fill=SURFACE, stroke=ACCENT, strokeWidth=1.5)
    yield dots.encode(href="href:N", description="told:N")
    yield ranks.mark_text(align="center", aria=False).encode(text="text:N")


def _words(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    names = alt.Chart(alt.NamedData("names")).mark_text(align="left", dx=GAP, color=INK)
    yield names.encode(x=x("at:Q"), y=y("place:Q"), text="name:N", href="href:N", description="model:N")
    raters = alt.Chart(alt.NamedData("raters")).mark_text(align="center", color=SOFT, aria=False)
    yield raters.encode(x=x("at:Q"), y=alt.value(-20), text="rater:N")
