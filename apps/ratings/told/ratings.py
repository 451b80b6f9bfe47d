"""Where models stand by the judges and by the people, and where the two differ."""

from collections.abc import Sequence

from apps.ratings.board_state import groups_of
from apps.ratings.leaderboard_rows import flat_rows
from apps.ratings.models import Leaderboard
from apps.ratings.rater import ALL_JUDGES, Rater
from apps.ratings.rows import Row, leaderboard_table
from apps.ratings.told import LEAST, MODEL, Column, FlatRow, Told, eyes, interval_columns, judges_columns, written

KEPT = (
    *("model", "slug", "rating", "lower", "upper", "bounded", "n_judgments"),
    *("human_rating", "human_lower", "human_upper", "human_bounded", "n_votes"),
    *("difference", "difference_lower", "difference_upper"),
    *("usd_per_million_out", "usd_per_win"),
)


PEOPLE = interval_columns("human_rating", "People’s rating", "points", "human_")
COUNTS = (Column("n_judgments", "Judgments", "count"), Column("n_votes", "Votes", "count"))
DIFFERENCE = interval_columns("difference", "Difference", "signed", "difference_")


def ratings_told(leaderboard: Leaderboard, rater: Rater = ALL_JUDGES) -> Told | None:
    """Every rated model, best first in the eyes of the rater, the largest group of models that met first."""
    rows = [row for row in in_groups(leaderboard, rater) if is_measured(row) or is_measured(row, "human_")]
    if len(rows) < LEAST:
        return None
    return Told(
        name="ratings",
        title="Ratings with their intervals",
        caption=eyes(rater) + "Best first. An arrow goes on beyond the axis; a model without a diamond has no votes.",
        summary=_highest_and_lowest(rows, rater),
        columns=(MODEL, *judges_columns(rater), *PEOPLE, *COUNTS),
        rows=tuple(rows),
    )


def judges_and_people_told(leaderboard: Leaderboard, rater: Rater = ALL_JUDGES) -> Told | None:
    """Every model that both judges, or one judge, and people have rated."""
    rows = [row for row in in_groups(leaderboard, rater) if row["difference"] is not None]
    if len(rows) < LEAST:
        return None
    return Told(
        name="judges-and-people",
        title=f"{rater.judge or 'Judges'} against people",
        caption=eyes(rater.of_judges) + "On the dashed line both see a model alike; above it "
        f"{_judges(rater)} it higher than people do.",
        summary=_who_is_seen_apart(rows, rater),
        columns=(MODEL, *judges_columns(rater), *PEOPLE, *DIFFERENCE),
        rows=tuple(rows),
    )


def in_groups(leaderboard: Leaderboard, rater: Rater = ALL_JUDGES) -> list[FlatRow]:
    """Flat rows with the group they stand in; those that the rater did not rate come last."""
    rows = leaderboard_table(leaderboard, rater)
    groups = groups_of(rows)
    placed: list[FlatRow] = []
    for group in groups:
        among = f"Group {group.number}" if len(groups) > 1 else ""
        placed += _placed(group.rows, among + ", never compared with those above" * (group.number > 1))
    ranked = {row.contender.pk for group in groups for row in group.rows}
    return placed + _placed(
        [row for row in rows if row.contender.pk not in ranked],
        f"Not ranked by {'people' if rater.is_people else rater.judge or 'judges'}",
    )


def _placed(rows: Sequence[Row], among: str) -> list[FlatRow]:
    return [{key: row[key] for key in KEPT} | {"among": among, "apart": _is_apart(row)} for row in flat_rows(rows)]


def is_measured(row: FlatRow, whose: str = "") -> bool:
    """By the judges, or with the prefix `human_` by the people."""
    return all(row[whose + name] is not None for name in ("rating", "lower", "upper"))


def _is_apart(row: FlatRow) -> bool:
    """Whether the interval of the difference leaves out 0."""
    return row["difference"] is not None and (row["difference_lower"] > 0 or row["difference_upper"] < 0)


def _judges(rater: Rater) -> str:
    return f"{rater.judge} rates" if rater.judge else "the judges rate"


def whose(rater: Rater) -> str:
    """The prefix of the keys of its ratings in a row."""
    return "human_" if rater.is_people else ""


def _highest_and_lowest(rows: Sequence[FlatRow], rater: Rater) -> str:
    own = whose(rater)
    rated = sorted((row for row in rows if is_measured(row, own)), key=lambda row: -row[f"{own}rating"])
    voted = sum(is_measured(row, "human_") for row in rows)
    told = f"{len(rows)} models with 95 % intervals, {voted} of them rated by people too."
    if len(rated) < LEAST:
        return told
    by = "people’s" if rater.is_people else f"{rater.judge}’s" if rater.judge else "the judges’"
    return f"{told} By {by} rating {_named(rated[0], own)} is highest and {_named(rated[-1], own)} lowest."


def _named(row: FlatRow, own: str) -> str:
    rating, lower, upper = (written(row[own + key]) for key in ("rating", "lower", "upper"))
    return f"{row['model']} with {rating} ({lower} to {upper})"


def _who_is_seen_apart(rows: Sequence[FlatRow], rater: Rater) -> str:
    apart = sorted((row for row in rows if row["apart"]), key=lambda row: -abs(row["difference"]))
    told = f"{len(rows)} models rated by {rater.judge or 'judges'} and by people."
    if not apart:
        return f"{told} Of none is it sure that the two ratings differ."
    most = apart[0]
    side = "higher" if most["difference"] > 0 else "lower"
    much = f"{abs(most['difference']):.0f} points {side} by {rater.judge or 'the judges'}"
    return f"{told} The ratings of {len(apart)} surely differ, most that of {most['model']}: {much}."
