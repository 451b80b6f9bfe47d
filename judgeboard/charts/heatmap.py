"""A table of shaded cells, each with its number: the shade is seen first, the number tells the same without colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import altair as alt

from judgeboard.charts.names import LETTER, pixels, shortened
from judgeboard.charts.svg import drawn
from judgeboard.charts.theme import ACCENT, SIZE, SOFT, WIDTH, Layers, framed

GAP = 14  # pixels from the longest name to the cells
LEAST, MOST = 30, 120  # pixels of a cell's width
LINE = 15  # pixels of a line of text in a cell
TOP, RIGHT = 34, 10
DARKEST = 0.46  # opacity, on which ink can still be read in both themes
TESTS: dict[str, Literal["bold", "normal"]] = {"datum.strong": "bold", "!datum.strong": "normal"}
Across = partial[alt.X]
Down = partial[alt.Y]


@dataclass(frozen=True)
class Head:
    """Of a row or a column. `href` may be empty."""

    name: str
    href: str = ""


@dataclass(frozen=True)
class Cell:
    """`shade`: from 0 to 1; `text`: may have several lines; `told`: where the pointer rests; `href` may be empty."""

    row: int
    column: int
    shade: float
    text: str
    told: str
    href: str = ""
    strong: bool = False


def heatmap(rows: Sequence[Head], columns: Sequence[str], cells: Sequence[Cell], summary: str) -> str:
    """SVG of at least one cell; wider than other charts where there are many columns."""
    left = round(max(pixels(shortened(head.name)) for head in rows)) + GAP
    width = min(max((WIDTH - left - RIGHT) / len(columns), LEAST), MOST)
    lines = max(cell.text.count("\n") + 1 for cell in cells)
    height = max(LEAST, LINE * (lines + 1))
    x = partial(alt.X, axis=None, scale=alt.Scale(domain=[0, len(columns)], nice=False))
    y = partial(alt.Y, axis=None, scale=alt.Scale(domain=[0, len(rows)], reverse=True, nice=False))
    layers = [*_shades(x, y), *_texts(x, y, lines), *_heads(x, y, left)]
    data = {"cells": [_cell(cell) for cell in cells], "rows": _rows(rows), "columns": _columns(columns, width)}
    across = round(width * len(columns))
    chart = framed(
        layers,
        left=left,
        top=TOP,
        right=max(RIGHT, WIDTH - left - across),
        bottom=4,
        height=height * len(rows),
        across=across,
    )
    return drawn(chart, data, summary)


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "row": cell.row,
        "row_end": cell.row + 1,
        "row_middle": cell.row + 0.5,
        "column": cell.column,
        "column_end": cell.column + 1,
        "column_middle": cell.column + 0.5,
        "shade": round(min(max(cell.shade, 0.0), 1.0) * DARKEST, 3),
        "text": cell.text,
        "told": cell.told,
        "href": cell.href or None,
        "strong": cell.strong,
    }


def _rows(heads: Sequence[Head]) -> list[dict[str, Any]]:
    return [
        {"row": number + 0.5, "name": shortened(head.name), "told": head.name, "href": head.href or None}
        for number, head in enumerate(heads)
    ]


def _columns(names: Sequence[str], width: float) -> list[dict[str, Any]]:
    most = int(width / LETTER)
    return [{"column": number + 0.5, "name": shortened(name, most)} for number, name in enumerate(names)]


def _shades(x: Across, y: Down) -> Layers:
    shades = alt.Chart(alt.NamedData("cells")).mark_rect(fill=ACCENT, stroke=None)
    shade = alt.FillOpacity("shade:Q", scale=None)
    shades = shades.encode(x=x("column:Q"), x2="column_end:Q", y=y("row:Q"), y2="row_end:Q")
    yield shades.encode(fillOpacity=shade, href="href:N", description="told:N")


def _texts(x: Across, y: Down, lines: int) -> Layers:
    """They let the pointer through to the shades below, which tell and open the same."""
    up = -LINE * (lines - 1) / 2
    for test, weight in TESTS.items():
        words = alt.Chart(alt.NamedData("cells")).transform_filter(test)
        words = words.mark_text(align="center", lineBreak="\n", lineHeight=LINE, dy=up, fontWeight=weight, aria=False)
        yield words.encode(x=x("column_middle:Q"), y=y("row_middle:Q"), text="text:N")


def _heads(x: Across, y: Down, left: int) -> Layers:
    names = alt.Chart(alt.NamedData("rows")).mark_text(align="left")
    yield names.encode(x=alt.value(-left), y=y("row:Q"), text="name:N", href="href:N", description="told:N")
    words = alt.Chart(alt.NamedData("columns")).mark_text(align="center", color=SOFT, aria=False)
    yield words.encode(x=x("column:Q"), y=alt.value(-SIZE), text="name:N")
