"""How likely each rank is, and what rank each rater gives."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from apps.ratings.groups import largest_first
from apps.ratings.models import Finding, Leaderboard, Rating
from apps.ratings.rater import ALL_JUDGES, Rater, judge_key
from apps.ratings.told import LEAST, MODEL, Column, FlatRow, Told, eyes, percent, sentences
from apps.ratings.told.found import found_rows, models_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST = 12  # models whose ranks are followed from rater to rater
HALF = 0.5
SHOWN = 0.005  # a chance that is written as more than 0 %


def rank_chances_told(leaderboard: Leaderboard) -> Told | None:
    """The leading models by the chance of each of as many ranks."""
    models = models_of(leaderboard)
    found = [row for row in found_rows(leaderboard, Finding.Name.RANKS) if row["contender"] in models]
    if len(found) < LEAST:
        return None
    rows = [_chances(row, *models[row["contender"]]) for row in found]
    ranks = range(1, len(found[0]["chances"]) + 1)
    return Told(
        name="rank-chances",
        title=gettext_lazy("How likely each rank is"),
        caption=gettext_lazy(
            "By the judges, in 2,000 boards drawn as uncertain as the ratings are. Ranks of less than half a per "
            "cent are left blank; each name opens its model."
        ),
        summary=_who_is_first(rows),
        columns=(
            MODEL,
            Column("expected", gettext_lazy("Mean rank"), "tenths"),
            *(Column(f"rank_{k}", f"{k}", "percent") for k in ranks),
        ),
        rows=tuple(rows),
    )


def _chances(row: FlatRow, name: str, slug: str) -> FlatRow:
    chances = {f"rank_{k}": chance for k, chance in enumerate(row["chances"], 1)}
    return {"model": name, "slug": slug, "expected": row["expected"]} | chances


def _who_is_first(rows: Sequence[FlatRow]) -> "StrOrPromise":
    likely = sorted(rows, key=lambda row: -row["rank_1"])[:2]
    with_chance = gettext_lazy("{model} with a chance of {share}")
    named = [
        format_lazy(with_chance, model=row["model"], share=percent(row["rank_1"]))
        for row in likely
        if row["rank_1"] >= SHOWN
    ]
    first = format_lazy(", ".join(["{}"] * len(named)), *named)
    ranks = [key for key in rows[0] if key.startswith("rank_")]
    settled = sum(max(row[key] for key in ranks) > HALF for row in rows)
    told = gettext_lazy("First is {first}. Of {settled} of {n} models one rank is likelier than all others together.")
    return format_lazy(told, first=first, settled=settled, n=len(rows))


def ranks_by_rater_told(leaderboard: Leaderboard, rater: Rater = ALL_JUDGES) -> Told | None:
    """The leading models' rank by all judges, by each of them and by people, in the largest group.

    The same whoever is chosen, unless style is left aside.
    """
    of_raters = _by_rater(leaderboard, rater)
    panel = of_raters.get("All judges", {})
    leading = sorted(panel.values(), key=lambda rating: -(rating.rating or 0))[:MOST]
    if len(of_raters) < LEAST or len(leading) < LEAST:
        return None
    ranks = {rater: _ranked(ratings.values()) for rater, ratings in of_raters.items()}
    rows = [_row(rating, ranks, of_raters) for rating in leading]
    return Told(
        name="ranks-by-rater",
        title=gettext_lazy("One rank a rater"),
        caption=sentences(
            eyes(Rater(is_controlled=rater.is_controlled)),
            format_lazy(
                gettext_lazy(
                    "A line follows one of at most {n} models from rater to rater. Numbers are ranks among all, bars "
                    "reach over the places that the evidence leaves open; without a number it was not rated."
                ),
                n=MOST,
            ),
        ),
        summary=_most_apart(rows, list(of_raters)),
        columns=(MODEL, *(column for number, rater in enumerate(of_raters) for column in _columns(number, rater))),
        rows=tuple(rows),
    )


def _who(rater: str) -> "StrOrPromise":
    return {"All judges": gettext_lazy("all judges"), "People": gettext_lazy("people")}.get(rater, rater)


def _heading(rater: str) -> "StrOrPromise":
    return {"All judges": gettext_lazy("All judges"), "People": gettext_lazy("People")}.get(rater, rater)


def _columns(number: int, rater: str) -> tuple[Column, ...]:
    return (
        Column(f"rank_{number}", _heading(rater), "count"),
        Column(f"low_{number}", gettext_lazy("from"), "count"),
        Column(f"high_{number}", gettext_lazy("to"), "count"),
    )


def _by_rater(leaderboard: Leaderboard, chosen: Rater) -> dict[str, dict[int, Rating]]:
    """Rater -> contender -> rating: all judges, each judge where there are several, people; those who rated anybody."""
    rows = leaderboard.ratings.filter(rating__isnull=False).exclude(by=Rating.By.CORRECTED)
    found: dict[str, dict[int, Rating]] = {"All judges": {}}
    people: dict[int, Rating] = {}
    for rating in map(chosen.seen, rows.select_related("contender", "judge").order_by("judge__slug", "judge__version")):
        if rating.rating is None:
            continue
        to = people if rating.by == Rating.By.HUMANS else found.setdefault(_rater(rating), {})
        to[rating.contender_id] = rating
    return {rater: _largest(ratings) for rater, ratings in (found | {"People": people}).items() if ratings}


def _rater(rating: Rating) -> str:
    return judge_key(rating.judge) if rating.judge else "All judges"


def _largest(ratings: dict[int, Rating]) -> dict[int, Rating]:
    """The largest group of models that met."""
    largest = largest_first(rating.component for rating in ratings.values())[0]
    return {key: rating for key, rating in ratings.items() if rating.component == largest}


def _ranked(ratings: Iterable[Rating]) -> dict[int, int]:
    best_first = sorted(ratings, key=lambda rating: -(rating.rating or 0))
    return {rating.contender_id: rank for rank, rating in enumerate(best_first, 1)}


def _row(panel: Rating, ranks: dict[str, dict[int, int]], of_raters: dict[str, dict[int, Rating]]) -> FlatRow:
    row: FlatRow = {"model": panel.contender.name, "slug": panel.contender.slug}
    for number, rater in enumerate(of_raters):
        told = of_raters[rater].get(panel.contender_id)
        row[f"rank_{number}"] = ranks[rater].get(panel.contender_id)
        row[f"low_{number}"] = told.rank_low if told else None
        row[f"high_{number}"] = told.rank_high if told else None
    return row


def _most_apart(rows: Sequence[FlatRow], raters: Sequence[str]) -> "StrOrPromise":
    def given(row: FlatRow) -> dict[str, int]:
        return {rater: row[f"rank_{number}"] for number, rater in enumerate(raters) if row[f"rank_{number}"]}

    apart = max(rows, key=lambda row: max(given(row).values()) - min(given(row).values()))
    alike = sum(len(set(given(row).values())) == 1 for row in rows)
    told = gettext_lazy("{raters} raters give {alike} of {n} models the same rank.")
    told = format_lazy(told, raters=len(raters), alike=alike, n=len(rows))
    ranks = given(apart)
    if len(set(ranks.values())) == 1:
        return told
    high, low = min(ranks, key=lambda rater: ranks[rater]), max(ranks, key=lambda rater: ranks[rater])
    furthest = gettext_lazy("Furthest apart is {model}: rank {high} by {first}, {low} by {last}.")
    ends = {"high": ranks[high], "low": ranks[low], "first": _who(high), "last": _who(low)}
    return sentences(told, format_lazy(furthest, model=apart["model"], **ends))
