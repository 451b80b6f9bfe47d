"""Two models at a time."""

from collections.abc import Callable

from django.urls import reverse

from apps.ratings.models import Figure
from apps.ratings.told import Told
from judgeboard.charts.heatmap import Cell, Head, heatmap
from workers.figures.links import Row, brief, query

Written = tuple[float, str, str, bool]  # shade, text, what is told where the pointer rests, whether it is strong


def win_chances(told: Told, of: Figure) -> str:
    def cell(row: Row, turned: bool) -> Written:
        share, lower, upper = (row[key] for key in ("expected", "lower", "upper"))
        if turned:
            share, lower, upper = 1 - share, 1 - upper, 1 - lower
        told = f"{100 * share:.0f} % ({100 * lower:.0f} to {100 * upper:.0f}) by the ratings, {row['n']} judgments"
        return share, f"{100 * share:.0f}", told, row["sure"]

    return _pairs(told, of, cell)


def meetings(told: Told, of: Figure) -> str:
    most = max(row["n"] for row in told.rows) or 1

    def cell(row: Row, turned: bool) -> Written:
        return row["n"] / most, brief(row["n"]), f"{row['n']} judgments", False

    return _pairs(told, of, cell)


def _pairs(told: Told, of: Figure, cell: Callable[[Row, bool], Written]) -> str:
    """Each pair in both of its cells. Rows stand in the order of the models, and all of them in their first column."""
    models = {row["slug"]: row["model"] for row in told.rows} | {row["other_slug"]: row["other"] for row in told.rows}
    place = {slug: number for number, slug in enumerate(models)}
    cells = []
    for row in told.rows:
        for turned in (False, True):
            sides = ("model", "slug"), ("other", "other_slug")
            (one, a), (other, b) = ((row[name], row[slug]) for name, slug in (reversed(sides) if turned else sides))
            shade, text, what, strong = cell(row, turned)
            href = reverse("board:compare", args=[a, b]) + query(of)
            cells.append(Cell(place[a], place[b], shade, text, f"{one} against {other}: {what}", href, strong))
    heads = [
        Head(f"{number}  {name}", reverse("board:model", args=[slug]) + query(of))
        for number, (slug, name) in enumerate(models.items(), 1)
    ]
    return heatmap(heads, [str(number) for number in range(1, len(models) + 1)], cells, str(told.summary))
