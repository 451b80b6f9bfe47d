"""Where models stand: ratings, prices, ranks."""

from apps.ratings.models import Figure
from apps.ratings.told import Told
from judgeboard.charts.axes import Interval
from judgeboard.charts.bump import Followed, Rank, bump
from judgeboard.charts.forest import Line, forest
from judgeboard.charts.heatmap import Cell, Head, heatmap
from judgeboard.charts.price import Priced, pareto
from judgeboard.charts.scatter import Seen, scatter
from workers.figures.links import Row, model_page

BLANK = 0.005  # a chance below it is not written


def ratings(told: Told, of: Figure) -> str:
    lines = [
        Line(row["model"], model_page(row, of), row["among"], interval(row, ""), interval(row, "human_"))
        for row in told.rows
    ]
    return forest(lines, str(told.summary))


def judges_and_people(told: Told, of: Figure) -> str:
    models = []
    for row in told.rows:
        judges, people = interval(row, ""), interval(row, "human_")
        if judges and people:
            models.append(Seen(row["model"], model_page(row, of), judges, people, row["apart"]))
    return scatter(models, str(told.summary), _heading(told, "rating"))


def price(told: Told, of: Figure) -> str:
    models = []
    for row in told.rows:
        if rating := interval(row, ""):
            models.append(Priced(row["model"], model_page(row, of), row["usd"], rating, row["frontier"]))
    return pareto(models, _heading(told, "usd"), str(told.summary), _heading(told, "rating"))


def _heading(told: Told, key: str) -> str:
    return next(str(column.heading) for column in told.columns if column.key == key)


def rank_chances(told: Told, of: Figure) -> str:
    ranks = [column for column in told.columns if column.key.startswith("rank_")]
    most = max(row[rank.key] for row in told.rows for rank in ranks)
    cells = []
    for at, row in enumerate(told.rows):
        for column, rank in enumerate(ranks):
            chance = row[rank.key]
            text = f"{100 * chance:.0f}" if chance >= BLANK else ""
            what = f"{row['model']}: rank {rank.heading} with a chance of {100 * chance:.1f} %"
            cells.append(
                Cell(at, column, chance / most, text, what, model_page(row, of) if text else "", chance > 1 / 2)
            )
    heads = [Head(row["model"], model_page(row, of)) for row in told.rows]
    return heatmap(heads, [str(rank.heading) for rank in ranks], cells, str(told.summary))


def ranks_by_rater(told: Told, of: Figure) -> str:
    raters = [str(column.heading) for column in told.columns if column.key.startswith("rank_")]
    models = [
        Followed(row["model"], model_page(row, of), tuple(_rank(row, number) for number in range(len(raters))))
        for row in told.rows
    ]
    return bump(models, raters, str(told.summary))


def _rank(row: Row, rater: int) -> Rank | None:
    rank, low, high = (row[f"{name}_{rater}"] for name in ("rank", "low", "high"))
    return Rank(rank, low, high) if rank and low and high else None


def interval(row: Row, whose: str) -> Interval | None:
    value, lower, upper = (row[whose + name] for name in ("rating", "lower", "upper"))
    if value is None or lower is None or upper is None:
        return None
    return Interval(value, lower, upper, row[whose + "bounded"])
