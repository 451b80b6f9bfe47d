"""The prompts of a set: how hard each makes it to do better, and how far it tells strong models from weak ones."""

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
from judgeboard.charts.theme import ACCENT, SOFT, WIDTH, Layers, framed

LEFT, TOP, RIGHT, BOTTOM = 64, 38, 18, 48
SIDE = WIDTH - LEFT - RIGHT
MANY = 40  # prompts, from which on intervals are drawn fainter
LEAST_SHARE, LEAST_LEAD = 0.2, 1.5  # from end to end of the axes
LIKE_THE_BOARD, NOTHING = 1.0, 0.0
TELLS, PERHAPS = "surely tells strong from weak", "may tell nothing"


@dataclass(frozen=True)
class Asked:
    """One prompt. `hard`: the share of verdicts that find neither better. `lead`: 1 is what the whole board tells."""

    prompt: str
    href: str
    hard: float
    lead: Interval
    tells: bool


def prompt_map(asked: Sequence[Asked], summary: str) -> str:
    """SVG of at least one prompt; those that tell most and least are named first."""
    across = ends_around([Interval(one.hard, one.hard, one.hard) for one in asked], LEAST_SHARE)
    lines = [Interval(at, at, at) for at in (NOTHING, LIKE_THE_BOARD)]
    up = ends_around([*(one.lead for one in asked), *lines], LEAST_LEAD)
    difficulty = alt.Axis(title="Difficulty: verdicts that find neither better", format="%")
    x = partial(alt.X, axis=difficulty, scale=across.scale())
    y = partial(alt.Y, axis=alt.Axis(title="Discrimination", format="~r"), scale=up.scale())
    data = {
        "models": [_row(one, up) for one in asked],
        "names": _names(asked, across, up),
        "known": [{"at": line.value} for line in lines],
    }
    known = alt.Chart(alt.NamedData("known")).mark_rule(stroke=SOFT, strokeWidth=1, strokeDash=[5, 4], aria=False)
    layers = [
        known.encode(y=y("at:Q")),
        *_intervals(x, y, 0.25 if len(asked) > MANY else 0.5),
        dots(x("hard:Q"), y("lead:Q"), "state", filled=TELLS, hollow=PERHAPS),
        *words(x("hard:Q"), y("lead:Q")),
    ]
    return drawn(framed(layers, left=LEFT, top=TOP, right=RIGHT, bottom=BOTTOM, height=SIDE), data, summary)


def _row(one: Asked, up: Ends) -> dict[str, Any]:
    lead, lower, upper = (f"{at:.2f}".replace("-", "−") for at in (one.lead.value, one.lead.lower, one.lead.upper))
    return {
        "hard": one.hard,
        "lead": one.lead.value,
        "lower": up.within(one.lead.lower),
        "upper": up.within(one.lead.upper),
        "state": TELLS if one.tells else PERHAPS,
        "href": one.href,
        "told": f"{one.prompt}: neither better in {100 * one.hard:.0f} %, discrimination {lead} ({lower} to {upper})",
    }


def _names(asked: Sequence[Asked], across: Ends, up: Ends) -> list[dict[str, Any]]:
    right, top = (ends.high - ends.low for ends in (across, up))
    points = [
        Point(one.prompt, SIDE * (one.hard - across.low) / right, SIDE * (up.high - one.lead.value) / top)
        for one in sorted(asked, key=lambda one: -abs(one.lead.value - LIKE_THE_BOARD))
    ]
    return [
        {
            "name": label.text,
            "hard": across.low + label.x * right / SIDE,
            "lead": up.high - label.y * top / SIDE,
            "before": label.before,
        }
        for label in islice(labels(points, SIDE), MOST_NAMES)
    ]


def _intervals(x: partial[alt.X], y: partial[alt.Y], opacity: float) -> Layers:
    lines = alt.Chart(alt.NamedData("models")).mark_rule(strokeWidth=1.5, opacity=opacity, stroke=ACCENT, aria=False)
    yield lines.encode(x=x("hard:Q"), y=y("lower:Q"), y2="upper:Q")
