"""From what a figure tells to the rows that its chart takes, with links to the pages of this site."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from apps.ratings.models import Board
from apps.ratings.told import Told
from judgeboard.charts.axes import Interval
from judgeboard.charts.forest import Line, forest
from judgeboard.charts.scatter import Seen, scatter

Row = Mapping[str, Any]


def _forest(told: Told, board: Board) -> str:
    lines = [
        Line(row["model"], _page(row, board), row["among"], _interval(row, ""), _interval(row, "human_"))
        for row in told.rows
    ]
    return forest(lines, told.summary)


def _scatter(told: Told, board: Board) -> str:
    models = []
    for row in told.rows:
        judges, people = _interval(row, ""), _interval(row, "human_")
        if judges and people:
            models.append(Seen(row["model"], _page(row, board), judges, people, row["apart"]))
    return scatter(models, told.summary)


def _interval(row: Row, whose: str) -> Interval | None:
    value, lower, upper = (row[whose + name] for name in ("rating", "lower", "upper"))
    if value is None or lower is None or upper is None:
        return None
    return Interval(value, lower, upper, row[whose + "bounded"])


def _page(row: Row, board: Board) -> str:
    return reverse("board:model", args=[row["slug"]]) + "?" + urlencode({"board": board.slug})


CHARTS: dict[str, Callable[[Told, Board], str]] = {"ratings": _forest, "judges-and-people": _scatter}
