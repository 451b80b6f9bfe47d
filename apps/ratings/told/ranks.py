"""How likely each rank is, and what rank each rater gives."""

from collections.abc import Iterable, Sequence

from apps.ratings.groups import largest_first
from apps.ratings.models import Finding, Leaderboard, Rating
from apps.ratings.rater import ALL_JUDGES, Rater, judge_key
from apps.ratings.told import LEAST, MODEL, Column, FlatRow, Told, eyes, percent
from apps.ratings.told.found import found_rows, models_of

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
        title="How likely each rank is",
        caption="By the judges, in 2,000 boards drawn as uncertain as the ratings are. Ranks of less than half a per "
        "cent are left blank; each name opens its model.",
        summary=_who_is_first(rows),
        columns=(
            MODEL,
            Column("expected", "Mean rank", "tenths"),
            *(Column(f"rank_{k}", f"{k}", "percent") for k in ranks),
        ),
        rows=tuple(rows),
    )


def _chances(row: FlatRow, name: str, slug: str) -> FlatRow:
    chances = {f"rank_{k}": chance for k, chance in enumerate(row["chances"], 1)}
    return {"model": name, "slug": slug, "expected": row["expected"]} | chances


def _who_is_first(rows: Sequence[FlatRow]) -> str:
    likely = sorted(rows, key=lambda row: -row["rank_1"])[:2]
    named = (f"{row['model']} with a chance of {percent(row['rank_1'])}" for row in likely if row["rank_1"] >= SHOWN)
    first = ", ".join(named)
    ranks = [key for key in rows[0] if key.startswith("rank_")]
    settled = sum(max(row[key] for key in ranks) > HALF for row in rows)
    return f"First is {first}. Of {settled} of {len(rows)} models one rank is likelier than all others together."


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
        title="One rank a rater",
        caption=eyes(Rater(is_controlled=rater.is_controlled))
        + f"A line follows one of at most {MOST} models from rater to rater. Numbers are ranks among all, bars "
        "reach over the places that the evidence leaves open; without a number it was not rated.",
        summary=_most_apart(rows, list(of_raters)),
        columns=(MODEL, *(column for number, rater in enumerate(of_raters) for column in _columns(number, rater))),
        rows=tuple(rows),
    )


def _who(rater: str) -> str:
    return {"All judges": "all judges", "People": "people"}.get(rater, rater)


def _columns(number: int, rater: str) -> tuple[Column, ...]:
    return (
        Column(f"rank_{number}", rater, "count"),
        Column(f"low_{number}", "from", "count"),
        Column(f"high_{number}", "to", "count"),
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


def _most_apart(rows: Sequence[FlatRow], raters: Sequence[str]) -> str:
    def given(row: FlatRow) -> dict[str, int]:
        return {rater: row[f"rank_{number}"] for number, rater in enumerate(raters) if row[f"rank_{number}"]}

    apart = max(rows, key=lambda row: max(given(row).values()) - min(given(row).values()))
    alike = sum(len(set(given(row).values())) == 1 for row in rows)
    told = f"{len(raters)} raters give {alike} of {len(rows)} models the same rank."
    ranks = given(apart)
    if len(set(ranks.values())) == 1:
        return told
    high, low = min(ranks, key=lambda rater: ranks[rater]), max(ranks, key=lambda rater: ranks[rater])
    return (
        f"{told} Furthest apart is {apart['model']}: rank {ranks[high]} by {_who(high)}, {ranks[low]} by {_who(low)}."
    )
