"""A leaderboard as plain rows: what the JSON twin of the page answers and what an export writes."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from apps.ratings.difference import Difference
from apps.ratings.models import Leaderboard, Rating
from apps.ratings.rows import Row, leaderboard_table


def leaderboard_rows(leaderboard: Leaderboard) -> list[dict[str, Any]]:
    """One flat dict a model, best first. Ratings on the Elo scale, rates in [0, 1], dollars; None: not known."""
    return flat_rows(leaderboard_table(leaderboard))


def flat_rows(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [_flat(row) for row in rows]


def _flat(row: Row) -> dict[str, Any]:
    return {
        "model": row.contender.name,
        "slug": row.contender.slug,
        "organisation": row.contender.organisation,
        "licence": row.contender.licence,
        "open_weights": row.contender.open_weights,
        "simulated": row.contender.simulated,
        **_judged(row.judges),
        **_voted(row.humans),
        **_corrected(row.corrected),
        **_difference(row.difference),
        **_shifted(row.shift),
        **_changed(row),
        **_published(row),
        **_priced(row),
    }


def _judged(rating: Rating | None) -> dict[str, Any]:
    return {
        "group": rating.component if rating else None,
        "rank_low": rating.rank_low if rating else None,
        "rank_high": rating.rank_high if rating else None,
        "rating": rating.rating if rating else None,
        "lower": rating.lower if rating else None,
        "upper": rating.upper if rating else None,
        "bounded": rating.bounded if rating else None,
        "win_rate": rating.win_rate if rating else None,
        "win_rate_lower": rating.win_rate_lower if rating else None,
        "win_rate_upper": rating.win_rate_upper if rating else None,
        "elo": rating.elo if rating else None,
        "n_judgments": rating.n if rating else 0,
    }


def _voted(rating: Rating | None) -> dict[str, Any]:
    return {
        "human_rating": rating.rating if rating else None,
        "human_lower": rating.lower if rating else None,
        "human_upper": rating.upper if rating else None,
        "human_bounded": rating.bounded if rating else None,
        "n_votes": rating.n if rating else 0,
    }


def _corrected(rating: Rating | None) -> dict[str, Any]:
    return {
        "corrected_rating": rating.rating if rating else None,
        "corrected_lower": rating.lower if rating else None,
        "corrected_upper": rating.upper if rating else None,
    }


def _difference(difference: Difference | None) -> dict[str, Any]:
    return {
        "difference": difference.value if difference else None,
        "difference_lower": difference.lower if difference else None,
        "difference_upper": difference.upper if difference else None,
    }


def _shifted(shift: Difference | None) -> dict[str, Any]:
    """By leaving style aside, of the rating that gives the model its place."""
    return {
        "style_shift": shift.value if shift else None,
        "style_shift_lower": shift.lower if shift else None,
        "style_shift_upper": shift.upper if shift else None,
    }


def _changed(row: Row) -> dict[str, Any]:
    """In 30 days, against the mean move of the models that stood there both times."""
    return {
        "change": row.change.value if row.change else None,
        "change_lower": row.change.lower if row.change else None,
        "change_upper": row.change.upper if row.change else None,
        "changed_since": row.before.leaderboard.fitted_at if row.before and row.change else None,
    }


def _published(row: Row) -> dict[str, Any]:
    known = row.published
    return {
        "published_rating": known.rating if known else None,
        "published_source": known.source if known else None,
        "published_on": known.published_on if known else None,
    }


def _priced(row: Row) -> dict[str, Any]:
    """Half a price is none."""
    endpoint = row.contender.endpoint
    price = endpoint.price if endpoint else None
    return {
        "usd_per_million_in": float(price.read) if price else None,
        "usd_per_million_out": float(price.written) if price else None,
        "price_source": endpoint.price_source or None if endpoint and price else None,
        "price_date": endpoint.price_date if endpoint and price else None,
        "usd_per_answer": _dollars(row.usd_per_answer),
        "usd_per_win": _dollars(row.usd_per_win),
    }


def _dollars(cost: Decimal | None) -> float | None:
    return float(cost) if cost is not None else None
