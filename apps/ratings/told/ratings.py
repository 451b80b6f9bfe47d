"""Where models stand by the judges and by the people, and where the two differ."""

from collections.abc import Sequence

from apps.ratings.board_state import groups_of
from apps.ratings.leaderboard_rows import flat_rows
from apps.ratings.models import Leaderboard
from apps.ratings.rows import Row, leaderboard_table
from apps.ratings.told import LEAST, MODEL, Column, FlatRow, Told, interval_columns, written

KEPT = (
    *("model", "slug", "rating", "lower", "upper", "bounded", "n_judgments"),
    *("human_rating", "human_lower", "human_upper", "human_bounded", "n_votes"),
    *("difference", "difference_lower", "difference_upper"),
    *("usd_per_million_out", "usd_per_win"),
)


JUDGES = interval_columns("rating", "Judges’ rating", "points")
PEOPLE = interval_columns("human_rating", "People’s rating", "points", "human_")
COUNTS = (Column("n_judgments", "Judgments", "count"), Column("n_votes", "Votes", "count"))
DIFFERENCE = interval_columns("difference", "Difference", "signed", "difference_")


def ratings_told(leaderboard: Leaderboard) -> Told | None:
    """Every rated model, best first, the largest group of models that met first."""
    rows = [row for row in in_groups(leaderboard) if is_measured(row) or is_measured(row, "human_")]
    if len(rows) < LEAST:
        return None
    return Told(
        name="ratings",
        title="Ratings with their intervals",
        caption="Best first. An arrow goes on beyond the axis; a model without a diamond has no votes.",
        summary=_highest_and_lowest(rows),
        columns=(MODEL, *JUDGES, *PEOPLE, *COUNTS),
        rows=tuple(rows),
    )


def judges_and_people_told(leaderboard: Leaderboard) -> Told | None:
    """Every model that both judges and people have rated."""
    rows = [row for row in in_groups(leaderboard) if row["difference"] is not None]
    if len(rows) < LEAST:
        return None
    return Told(
        name="judges-and-people",
        title="Judges against people",
        caption="On the dashed line both see a model alike; above it the judges rate it higher than people do.",
        summary=_who_is_seen_apart(rows),
        columns=(MODEL, *JUDGES, *PEOPLE, *DIFFERENCE),
        rows=tuple(rows),
    )


def in_groups(leaderboard: Leaderboard) -> list[FlatRow]:
    """Flat rows with the group they stand in; those without a rating by judges come last."""
    rows = leaderboard_table(leaderboard)
    groups = groups_of(rows)
    placed: list[FlatRow] = []
    for group in groups:
        among = f"Group {group.number}" if len(groups) > 1 else ""
        placed += _placed(group.rows, among + ", never compared with those above" * (group.number > 1))
    ranked = {row.contender.pk for group in groups for row in group.rows}
    return placed + _placed([row for row in rows if row.contender.pk not in ranked], "Not ranked by judges")


def _placed(rows: Sequence[Row], among: str) -> list[FlatRow]:
    return [{key: row[key] for key in KEPT} | {"among": among, "apart": _is_apart(row)} for row in flat_rows(rows)]


def is_measured(row: FlatRow, whose: str = "") -> bool:
    """By the judges, or with the prefix `human_` by the people."""
    return all(row[whose + name] is not None for name in ("rating", "lower", "upper"))


def _is_apart(row: FlatRow) -> bool:
    """Whether the interval of the difference leaves out 0."""
    return row["difference"] is not None and (row["difference_lower"] > 0 or row["difference_upper"] < 0)


def _highest_and_lowest(rows: Sequence[FlatRow]) -> str:
    judged = sorted((row for row in rows if is_measured(row)), key=lambda row: -row["rating"])
    voted = sum(is_measured(row, "human_") for row in rows)
    told = f"{len(rows)} models with 95 % intervals, {voted} of them rated by people too."
    if len(judged) < LEAST:
        return told
    return f"{told} By the judges’ rating {_named(judged[0])} is highest and {_named(judged[-1])} lowest."


def _named(row: FlatRow) -> str:
    rating, lower, upper = (written(row[key]) for key in ("rating", "lower", "upper"))
    return f"{row['model']} with {rating} ({lower} to {upper})"


def _who_is_seen_apart(rows: Sequence[FlatRow]) -> str:
    apart = sorted((row for row in rows if row["apart"]), key=lambda row: -abs(row["difference"]))
    told = f"{len(rows)} models rated by judges and by people."
    if not apart:
        return f"{told} Of none is it sure that the two ratings differ."
    most = apart[0]
    side = "higher" if most["difference"] > 0 else "lower"
    much = f"{abs(most['difference']):.0f} points {side} by the judges"
    return f"{told} The ratings of {len(apart)} surely differ, most that of {most['model']}: {much}."
