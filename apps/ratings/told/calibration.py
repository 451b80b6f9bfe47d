"""By how far apart two models are rated: how often the better wins, and how often judges and people agree."""

from collections.abc import Mapping, Sequence
from typing import Any

from apps.ratings.models import Finding, Leaderboard
from apps.ratings.told import Column, FlatRow, Told, interval_columns, percent, percent_between
from apps.ratings.told.found import found_rows

GAP = Column("gap", "Points apart", "text")
BY_WHOM = (
    *interval_columns("judges", "By judges", "percent", "judges_"),
    Column("judges_n", "Judgments", "count"),
    *interval_columns("people", "By people", "percent", "people_"),
    Column("people_n", "Votes", "count"),
)
ALIKE = (
    *interval_columns("judges", "Judges with a vote", "percent", "judges_"),
    Column("judges_n", "Compared", "count"),
    *interval_columns("people", "Two votes", "percent", "people_"),
    Column("people_n", "Compared", "count"),
)


def calibration_told(leaderboard: Leaderboard) -> Told | None:
    rows = [_flat(row) | {"expected": row["expected"]} for row in found_rows(leaderboard, Finding.Name.CALIBRATION)]
    if not rows:
        return None
    return Told(
        name="calibration",
        title="Do the better rated win as often as they should?",
        caption="By how many points two models are apart in the judges’ ratings, which were fitted to the judgments; "
        "the votes were not in them.",
        summary=_as_foretold(rows),
        columns=(GAP, Column("expected", "Should win", "percent"), *BY_WHOM),
        rows=tuple(rows),
    )


def agreement_by_gap_told(leaderboard: Leaderboard) -> Told | None:
    rows = [_flat(row) for row in found_rows(leaderboard, Finding.Name.AGREEMENT)]
    if not any(row["judges_n"] for row in rows):
        return None
    return Told(
        name="agreement-by-gap",
        title="Agreement by how far apart two models are",
        caption="How often most judges say the same as a vote, and one vote the same as another, ties kept. Close "
        "models are hard to tell apart for everybody.",
        summary=_from_close_to_far(rows),
        columns=(GAP, *ALIKE),
        rows=tuple(rows),
    )


def _flat(row: Mapping[str, Any]) -> FlatRow:
    """With one key a figure, None where nobody said anything."""
    flat: FlatRow = {"gap": _between(row["low"], row["high"])}
    for who in ("judges", "people"):
        told = row.get(who) or {"share": None, "lower": None, "upper": None, "n": 0}
        flat |= {who: told["share"]} | {f"{who}_{name}": told[name] for name in ("lower", "upper", "n")}
    return flat


def _between(low: float, high: float | None) -> str:
    return f"{low:.0f} to {high:.0f}" if high else f"over {low:.0f}"


def _as_foretold(rows: Sequence[FlatRow]) -> str:
    said = [_held(rows, who) for who in ("judges", "people") if any(row[f"{who}_n"] for row in rows)]
    far = rows[-1]
    told = f"{far['gap'].capitalize()} points apart the better rated should win {percent(far['expected'])}"
    taken = [
        f"{percent_between(far[who], far[f'{who}_lower'], far[f'{who}_upper'])} by {who}"
        for who in ("judges", "people")
        if far[f"{who}_n"]
    ]
    return f"{told} and wins {' and '.join(taken)}. {' '.join(said)}"


def _held(rows: Sequence[FlatRow], who: str) -> str:
    known = [row for row in rows if row[f"{who}_n"]]
    held = sum(row[f"{who}_lower"] <= row["expected"] <= row[f"{who}_upper"] for row in known)
    return f"By {who} what was foretold lies within the interval in {held} of {len(known)} steps."


def _from_close_to_far(rows: Sequence[FlatRow]) -> str:
    known = [row for row in rows if row["judges_n"]]
    ends = [known[0]] if len(known) == 1 else [known[0], known[-1]]
    told = [
        f"{percent_between(row['judges'], row['judges_lower'], row['judges_upper'])} {row['gap']} points apart"
        for row in ends
    ]
    return f"Judges side with a vote in {' and in '.join(told)}."
