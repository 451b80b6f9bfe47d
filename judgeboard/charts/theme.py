"""How every chart looks: the site's colours, type and two marks (judges a filled dot, people a hollow diamond)."""

from collections.abc import Iterable, Iterator
from typing import Any

import altair as alt

ACCENT, INK, SOFT, LINE, SURFACE = "#00637a", "#12191c", "#4d5b61", "#d5dddf", "#ffffff"
TOKENS = {ACCENT: "accent", INK: "ink", SOFT: "soft", LINE: "line", SURFACE: "surface"}
"""The light value of each colour token of board.css. A page colours what is drawn in them by its theme."""

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif'
SIZE = 12
"""Pixels of the smallest text; figures are never shown smaller than four fifths of this."""

WIDTH = 548
"""Pixels of a whole figure, labels and all: two stand beside each other on a wide page."""

JUDGES, PEOPLE = "judges", "people"
WHO = [JUDGES, PEOPLE]
Layers = Iterator[alt.Chart]
DOT = 64  # square pixels of a mark


def config() -> dict[str, Any]:
    """The part of a spec that all charts have in common."""
    axis = {
        "labelColor": SOFT,
        "labelFontSize": SIZE,
        "labelFlush": False,
        "titleColor": SOFT,
        "titleFontSize": SIZE,
        "titleFontWeight": 500,
        "titlePadding": 8,
        "domain": False,
        "ticks": False,
        "gridColor": LINE,
        "labelPadding": 6,
        "tickCount": 6,
    }
    legend = {"labelColor": INK, "labelFontSize": SIZE, "symbolStrokeWidth": 2, "symbolOpacity": 1, "columnPadding": 24}
    legend["labelLimit"] = 0  # whatever it says is said in full
    return {
        "background": SURFACE,
        "autosize": "none",
        "font": "sans-serif",
        "view": {"stroke": None},
        "axis": axis,
        "legend": legend,
        "text": {"fontSize": SIZE, "color": INK},
        "point": {"opacity": 1},
    }


def framed(
    layers: Iterable[alt.Chart], *, left: int, top: int, right: int, bottom: int, height: int, across: int | None = None
) -> alt.TopLevelMixin:
    """With so many pixels around the marks, whatever the words there measure, so that all figures are equally wide.

    `across`: pixels of the marks themselves, where they need more.
    """
    padding = {"left": left, "top": top, "right": right, "bottom": bottom}
    framed: alt.TopLevelMixin = alt.layer(*layers).properties(
        width=across or WIDTH - left - right, height=height, padding=padding
    )
    return framed


def by_whom(*channels: str) -> dict[str, Any]:
    """Channels (of stroke, fill, shape) by who says it, with one legend: marks differ in shape and filling too."""
    legend = alt.Legend(orient="top", title=None, direction="horizontal", symbolSize=DOT)
    ranges = {"stroke": [ACCENT, INK], "fill": [ACCENT, SURFACE], "shape": ["circle", "diamond"]}
    made = {"stroke": alt.Stroke, "fill": alt.Fill, "shape": alt.Shape}
    return {
        name: made[name]("who:N", scale=alt.Scale(domain=WHO, range=ranges[name]), legend=legend) for name in channels
    }
