"""Ranks from rater to rater: a column a rater, a line a model, a bar for the ranks left open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import altair as alt

from judgeboard.charts.names import LETTER, pixels, shortened
from judgeboard.charts.svg import drawn
from judgeboard.charts.theme import ACCENT, INK, SOFT, SURFACE, WIDTH, framed

GAP = 16  # pixels from a column to the names
LINE = 30  # pixels from one rank to the next
LEAST = 84  # pixels from one rater to the next
ASIDE = 15  # pixels from the marks to their bars
LANE = 5  # pixels from one bar to the next
REACH = 0.3  # of a rank, beyond the middle of the outermost
MARK = 400  # square pixels, with room for a rank of two digits
TOP, BOTTOM, LEFT = 44, 14, 40
Layers = Iterator[alt.Chart]


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
    """SVG of at least one model, of which the first rater rated each."""
    lowest = max(rank.rank for followed in models for rank in followed.ranks if rank)
    right = round(max(pixels(shortened(followed.model)) for followed in models)) + GAP + ASIDE
    step = max((WIDTH - LEFT - right) / max(len(raters) - 0.5, 1), LEAST)
    across = round(step * (len(raters) - 0.5))
    x = partial(alt.X, axis=None, scale=alt.Scale(domain=[-0.25, len(raters) - 0.75], nice=False))
    y = partial(alt.Y, axis=None, scale=alt.Scale(domain=[0.5, lowest + 0.5], reverse=True, nice=False))
    data = {
        "ranks": list(_marks(models, raters, lowest, step)),
        "names": [_name(followed) for followed in models],
        "raters": [{"at": at, "rater": shortened(rater, int(step / LETTER))} for at, rater in enumerate(raters)],
    }
    layers = [*_lines(x, y), *_bars(x, y), *_dots(x, y), *_words(x, y)]
    chart = framed(layers, left=LEFT, top=TOP, right=right, bottom=BOTTOM, height=LINE * lowest, across=across)
    return drawn(chart, data, summary)


def _marks(models: Sequence[Followed], raters: Sequence[str], lowest: int, step: float) -> Iterator[dict[str, Any]]:
    for at, rater in enumerate(raters):
        told = [(followed, rank) for followed in models if (rank := followed.ranks[at])]
        for (followed, rank), lane in zip(told, _lanes([rank for _, rank in told]), strict=True):
            mark = {"at": at, "bar": at - (ASIDE + LANE * lane) / step, "rank": rank.rank, "text": f"{rank.rank}"}
            ends = {"low": rank.low - REACH, "high": min(rank.high, lowest) + REACH}
            yield mark | ends | {"model": followed.model, "href": followed.href, "told": _told(followed, rater, rank)}


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


def _name(followed: Followed) -> dict[str, Any]:
    """Beside the last rater's rank, or whose was the last to rate it."""
    last = max(at for at, rank in enumerate(followed.ranks) if rank)
    rank = followed.ranks[last]
    assert rank is not None  # it is the last that is not
    return {
        "at": last,
        "rank": rank.rank,
        "name": shortened(followed.model),
        "model": followed.model,
        "href": followed.href,
    }


def _lines(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    lines = alt.Chart(alt.NamedData("ranks")).mark_line(stroke=SOFT, strokeWidth=1.5, aria=False)
    yield lines.encode(x=x("at:Q"), y=y("rank:Q"), detail="model:N")


def _bars(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    bars = alt.Chart(alt.NamedData("ranks")).mark_rule(stroke=ACCENT, strokeWidth=2, strokeCap="round", aria=False)
    yield bars.encode(x=x("bar:Q"), y=y("low:Q"), y2="high:Q")


def _dots(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    ranks = alt.Chart(alt.NamedData("ranks")).encode(x=x("at:Q"), y=y("rank:Q"))
    dots = ranks.mark_point(shape="circle", size=MARK, fill=SURFACE, stroke=ACCENT, strokeWidth=1.5)
    yield dots.encode(href="href:N", description="told:N")
    yield ranks.mark_text(align="center", aria=False).encode(text="text:N")


def _words(x: partial[alt.X], y: partial[alt.Y]) -> Layers:
    names = alt.Chart(alt.NamedData("names")).mark_text(align="left", dx=GAP, color=INK)
    yield names.encode(x=x("at:Q"), y=y("rank:Q"), text="name:N", href="href:N", description="model:N")
    raters = alt.Chart(alt.NamedData("raters")).mark_text(align="center", color=SOFT, aria=False)
    yield raters.encode(x=x("at:Q"), y=alt.value(-20), text="rater:N")
