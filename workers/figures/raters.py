"""Who says the same as whom, and how well ratings foretell it."""

from collections.abc import Iterator

from django.urls import reverse

from apps.ratings.models import Figure
from apps.ratings.told import Told
from apps.ratings.told.votes_needed import POINTS
from judgeboard.charts.heatmap import Cell, Head, heatmap
from judgeboard.charts.narrowing import Reach, narrowing
from judgeboard.charts.steps import Share, Step, steps
from workers.figures.links import brief, query

ACROSS = "Points apart in the judges’ ratings"


def raters(told: Told, of: Figure) -> str:
    named = dict.fromkeys([*(row["rater"] for row in told.rows), *(row["other"] for row in told.rows)])
    place = {rater: number for number, rater in enumerate(named)}
    cells = []
    for row in told.rows:
        kappa = "–" if row["kappa"] is None else f"{row['kappa']:.2f}".replace("-", "−")
        text = f"{kappa}\n{100 * row['agreement']:.0f} %\n{brief(row['n'])}"
        what = f"{row['rater']} and {row['other']}: kappa {kappa}, {100 * row['agreement']:.0f} % of {row['n']}"
        for one, other in dict.fromkeys([(row["rater"], row["other"]), (row["other"], row["rater"])]):
            href = _page(row["key"] if other == "People" else row["other_key"], of)
            cells.append(Cell(place[one], place[other], row["kappa"] or 0.0, text, what, href))
    return heatmap([Head(rater) for rater in named], list(named), cells, str(told.summary))


def _page(rater: str, of: Figure) -> str:
    return reverse("board:agreement") + query(of, rater=rater)


def confusion(told: Told, of: Figure) -> str:
    names = list(dict.fromkeys(row["judges"] for row in told.rows))
    cells = []
    for row in told.rows:
        text = f"{row['n']:,}\n{100 * row['share']:.0f} %"
        what = f"Judges say {row['judges']}, people {row['people']}: {row['n']} matches"
        href = reverse("board:cases") + query(of, judges=row["judged"], people=row["voted"])
        same = row["judged"] == row["voted"]
        place = names.index(row["judges"]), names.index(row["people"])
        cells.append(Cell(*place, row["share"], text, what, href, same))
    return heatmap([Head(name) for name in names], names, cells, str(told.summary))


def wins_by_gap(told: Told, of: Figure) -> str:
    return steps(list(_steps(told)), ACROSS, "Points of the better rated", str(told.summary))


def agreement_by_gap(told: Told, of: Figure) -> str:
    return steps(list(_steps(told)), ACROSS, "Agree with a vote", str(told.summary))


def votes_needed(told: Told, of: Figure) -> str:
    reaches = [Reach(row["votes"], row["judges"], row["people"], row["today"]) for row in told.rows]
    return narrowing(reaches, POINTS, str(told.summary))


def _steps(told: Told) -> Iterator[Step]:
    for row in told.rows:
        judges, people = (
            Share(row[who], row[f"{who}_lower"], row[f"{who}_upper"], row[f"{who}_n"]) if row[f"{who}_n"] else None
            for who in ("judges", "people")
        )
        yield Step(row["gap"], judges, people, row.get("expected"))
