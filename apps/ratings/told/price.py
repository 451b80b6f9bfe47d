"""What a rating costs: which models nothing cheaper outrates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from apps.ratings.models import Leaderboard
from apps.ratings.rater import ALL_JUDGES, Rater
from apps.ratings.told import (
    LEAST,
    MODEL,
    Column,
    FlatRow,
    Told,
    eyes,
    interval_columns,
    judges_columns,
    sentences,
    written,
)
from apps.ratings.told.ratings import in_groups, is_measured, whose

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NAMED = 3  # models of the frontier that the summary names


@dataclass(frozen=True)
class Price:
    key: str
    heading: "StrOrPromise"


PER_WIN = Price("usd_per_win", gettext_lazy("Dollars per win"))
PER_MILLION = Price("usd_per_million_out", gettext_lazy("Dollars per million tokens written"))


def price_told(leaderboard: Leaderboard, rater: Rater = ALL_JUDGES) -> Told | None:
    """Every rated model with a price: per win where that is known of all of them, else per million tokens written.

    Of the largest group alone, since ratings of others say nothing beside it.
    """
    own = whose(rater)
    rated = [_own(row, own) for row in in_groups(leaderboard, rater) if is_measured(row, own)]
    rows = [row for row in rated if row["among"] == rated[0]["among"] and row[PER_MILLION.key] is not None]
    if len(rows) < LEAST:
        return None
    by = PER_WIN if all(row[PER_WIN.key] is not None for row in rows) else PER_MILLION
    told = list(_with_frontier(rows, by))
    return Told(
        name="price",
        title=gettext_lazy("What a rating costs"),
        caption=sentences(
            eyes(rater),
            gettext_lazy(
                "Filled marks and the line are the frontier: nothing that costs as little is rated higher. "
                "A model without cost stands at the left edge."
            ),
        ),
        summary=_summary(told),
        columns=(
            MODEL,
            Column("usd", by.heading, "usd"),
            *(
                interval_columns("rating", gettext_lazy("People’s rating"), "points")
                if rater.is_people
                else judges_columns(rater)
            ),
            Column("frontier", gettext_lazy("On the frontier"), "yes"),
        ),
        rows=tuple(told),
    )


def _own(row: FlatRow, own: str) -> FlatRow:
    """With the rating of whoever ranks under the plain keys."""
    return row | {key: row[own + key] for key in ("rating", "lower", "upper", "bounded")}


def _with_frontier(rows: Sequence[FlatRow], by: Price) -> Iterator[FlatRow]:
    """Cheapest first; of equally cheap ones the higher rated."""
    best = float("-inf")
    for row in sorted(rows, key=lambda row: (row[by.key], -row["rating"])):
        yield row | {"usd": row[by.key], "frontier": row["rating"] > best}
        best = max(best, row["rating"])


def _summary(rows: Sequence[FlatRow]) -> "StrOrPromise":
    frontier = [row for row in rows if row["frontier"]]
    shown, cheaper = frontier[-NAMED:], len(frontier) - NAMED
    named = format_lazy(", ".join(["{}"] * len(shown)), *map(_named, shown))
    told = gettext_lazy("Of {n} models with a price, {frontier} are on the frontier: {named}.")
    if cheaper > 0:
        told = gettext_lazy(
            "Of {n} models with a price, {frontier} are on the frontier: {named}, and {cheaper} cheaper."
        )
    return format_lazy(told, n=len(rows), frontier=len(frontier), named=named, cheaper=cheaper)


def _named(row: FlatRow) -> "StrOrPromise":
    told = gettext_lazy("{model} ({usd}, rated {rating})")
    return format_lazy(told, model=row["model"], usd=_usd(row["usd"]), rating=written(row["rating"]))


def _usd(dollars: float) -> "StrOrPromise":
    """By its first two digits below ten cents."""
    if not dollars:
        return gettext_lazy("free")
    return f"${dollars:.2f}" if dollars >= 0.1 else f"${Decimal(f'{dollars:.2g}'):f}"
