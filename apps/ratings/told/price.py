"""What a rating costs: which models nothing cheaper outrates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.ratings.models import Leaderboard
from apps.ratings.rater import ALL_JUDGES, Rater
from apps.ratings.told import LEAST, MODEL, Column, FlatRow, Told, eyes, interval_columns, judges_columns, written
from apps.ratings.told.ratings import in_groups, is_measured, whose

NAMED = 3  # models of the frontier that the summary names


@dataclass(frozen=True)
class Price:
    key: str
    heading: str


PER_WIN = Price("usd_per_win", "Dollars per win")
PER_MILLION = Price("usd_per_million_out", "Dollars per million tokens written")


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
        title="What a rating costs",
        caption=eyes(rater)
        + "Filled marks and the line are the frontier: nothing that costs as little is rated higher. "
        "A model without cost stands at the left edge.",
        summary=_summary(told),
        columns=(
            MODEL,
            Column("usd", by.heading, "usd"),
            *(interval_columns("rating", "People’s rating", "points") if rater.is_people else judges_columns(rater)),
            Column("frontier", "On the frontier", "yes"),
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


def _summary(rows: Sequence[FlatRow]) -> str:
    frontier = [row for row in rows if row["frontier"]]
    shown = frontier[-NAMED:]
    named = ", ".join(f"{row['model']} ({_usd(row['usd'])}, rated {written(row['rating'])})" for row in shown)
    more = f", and {len(frontier) - NAMED} cheaper" if len(frontier) > NAMED else ""
    return f"Of {len(rows)} models with a price, {len(frontier)} are on the frontier: {named}{more}."


def _usd(dollars: float) -> str:
    """By its first two digits below ten cents."""
    return f"${dollars:.2f}" if dollars >= 0.1 else f"${Decimal(f'{dollars:.2g}'):f}" if dollars else "free"
