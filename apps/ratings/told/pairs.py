"""The leading models in pairs: who should win by the ratings, and how often they met."""

from statistics import median
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from apps.ratings.models import Finding, Leaderboard
from apps.ratings.told import MODEL, OTHER, Column, FlatRow, Told, interval_columns, percent_between
from apps.ratings.told.found import found_rows, models_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

EVEN = 0.5


def win_chances_told(leaderboard: Leaderboard) -> Told | None:
    """Each pair once, told from the better rated."""
    rows = _pairs(leaderboard)
    if not rows:
        return None
    return Told(
        name="win-chances",
        title=gettext_lazy("Who should win, by the ratings"),
        caption=_from_the_column(rows),
        summary=_who_should_win(rows),
        columns=(MODEL, OTHER, *interval_columns("expected", gettext_lazy("Should win"), "percent"), *_JUDGED),
        rows=rows,
    )


def meetings_told(leaderboard: Leaderboard) -> Told | None:
    """The same pairs by how often they were judged."""
    rows = _pairs(leaderboard)
    if not rows:
        return None
    return Told(
        name="meetings",
        title=gettext_lazy("How often two models met"),
        caption=_on_each_pair(rows),
        summary=_how_often(rows),
        columns=(MODEL, OTHER, *_JUDGED),
        rows=rows,
    )


_JUDGED = (Column("n", gettext_lazy("Judgments"), "compare"), Column("won", gettext_lazy("Won of them"), "percent"))


def _pairs(leaderboard: Leaderboard) -> tuple[FlatRow, ...]:
    models = models_of(leaderboard)
    return tuple(_named(row, *(models[row[side]] for side in ("one", "other"))) for row in _known(leaderboard, models))


def _known(leaderboard: Leaderboard, models: dict[int, tuple[str, str]]) -> list[FlatRow]:
    rows = found_rows(leaderboard, Finding.Name.PAIRS)
    return [row for row in rows if row["one"] in models and row["other"] in models]


def _named(row: FlatRow, one: tuple[str, str], other: tuple[str, str]) -> FlatRow:
    sides = {"model": one[0], "slug": one[1], "other": other[0], "other_slug": other[1]}
    told = {key: row[key] for key in ("expected", "lower", "upper", "n", "won")}
    return sides | told | {"sure": row["lower"] > EVEN or row["upper"] < EVEN}


def _from_the_column(rows: tuple[FlatRow, ...]) -> "StrOrPromise":
    told = gettext_lazy(
        "The share of points that the row takes from the column. The {n} leading models, best first. Bold: surely more "
        "or less than half. Each cell opens the matches of the two."
    )
    return format_lazy(told, n=_leading(rows))


def _on_each_pair(rows: tuple[FlatRow, ...]) -> "StrOrPromise":
    told = gettext_lazy(
        "Judgments on each pair. The {n} leading models, best first. Each cell opens the matches of the two."
    )
    return format_lazy(told, n=_leading(rows))


def _leading(rows: tuple[FlatRow, ...]) -> int:
    return len({row["model"] for row in rows}) + 1


def _who_should_win(rows: tuple[FlatRow, ...]) -> "StrOrPromise":
    sure = sum(row["sure"] for row in rows)
    closest = min(rows, key=lambda row: abs(row["expected"] - EVEN))
    told = gettext_lazy(
        "In {sure} of {n} pairs the ratings surely tell who wins more than half of the points. "
        "Closest are {model} and {other}: {share}."
    )
    share = percent_between(closest["expected"], closest["lower"], closest["upper"])
    return format_lazy(told, sure=sure, n=len(rows), model=closest["model"], other=closest["other"], share=share)


def _how_often(rows: tuple[FlatRow, ...]) -> "StrOrPromise":
    met = [row for row in rows if row["n"]]
    if not met:
        return format_lazy(gettext_lazy("{met} of {n} pairs have met."), met=0, n=len(rows))
    most = max(met, key=lambda row: row["n"])
    told = gettext_lazy(
        "{met} of {n} pairs have met, half of them {middle} times or more; most often {model} and {other}: "
        "{most} times."
    )
    middle = f"{median(row['n'] for row in met):.0f}"
    pair = {"model": most["model"], "other": most["other"], "most": most["n"]}
    return format_lazy(told, met=len(met), n=len(rows), middle=middle, **pair)
