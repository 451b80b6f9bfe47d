"""One model."""

from datetime import date

from django.urls import reverse

from apps.ratings.models import Figure
from apps.ratings.told import Told
from judgeboard.charts.forest import Line, forest
from judgeboard.charts.releases import Release, releases
from workers.figures.links import query
from workers.figures.standing import interval


def categories(told: Told, of: Figure) -> str:
    """Each category leads to the board in it."""
    board = reverse("board:board", args=[of.leaderboard.board.slug])
    view = f"&{of.view}" if of.view else ""
    lines = [
        Line(row["model"], f"{board}?category={row['slug']}{view}", "", interval(row, ""), interval(row, "human_"))
        for row in told.rows
    ]
    return forest(lines, str(told.summary), axis="Points more or less than over all categories", zero=True)


def by_release(told: Told, of: Figure) -> str:
    """Each mark leads to the model as it stood in that release."""
    points = [
        Release(
            date.fromisoformat(row["release"]),
            reverse("board:model", args=[row["slug"]]) + query(of, release=row["release"]),
            interval(row, ""),
            interval(row, "human_"),
        )
        for row in told.rows
    ]
    return releases(points, str(told.summary))
