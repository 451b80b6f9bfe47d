"""By how far apart two models are rated: how often the better wins, and how often judges and people agree."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from apps.ratings.models import Finding, Leaderboard
from apps.ratings.told import Column, FlatRow, Told, interval_columns, percent, percent_between, sentences
from apps.ratings.told.found import found_rows

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TO, OVER = " to ", "over "
GAP = Column("gap", gettext_lazy("Points apart"), "gap")
BY_WHOM = (
    *interval_columns("judges", gettext_lazy("By judges"), "percent", "judges_"),
    Column("judges_n", gettext_lazy("Judgments"), "count"),
    *interval_columns("people", gettext_lazy("By people"), "percent", "people_"),
    Column("people_n", gettext_lazy("Votes"), "count"),
)
ALIKE = (
    *interval_columns("judges", gettext_lazy("Judges with a vote"), "percent", "judges_"),
    Column("judges_n", gettext_lazy("Compared"), "count"),
    *interval_columns("people", gettext_lazy("Two votes"), "percent", "people_"),
    Column("people_n", gettext_lazy("Compared"), "count"),
)


def calibration_told(leaderboard: Leaderboard) -> Told | None:
    rows = [_flat(row) | {"expected": row["expected"]} for row in found_rows(leaderboard, Finding.Name.CALIBRATION)]
    if not rows:
        return None
    return Told(
        name="calibration",
        title=gettext_lazy("Do the better rated win as often as they should?"),
        caption=gettext_lazy(
            "By how many points two models are apart in the judges’ ratings, which were fitted to the judgments; "
            "the votes were not in them."
        ),
        summary=_as_foretold(rows),
        columns=(GAP, Column("expected", gettext_lazy("Should win"), "percent"), *BY_WHOM),
        rows=tuple(rows),
    )


def agreement_by_gap_told(leaderboard: Leaderboard) -> Told | None:
    rows = [_flat(row) for row in found_rows(leaderboard, Finding.Name.AGREEMENT)]
    if not any(row["judges_n"] for row in rows):
        return None
    return Told(
        name="agreement-by-gap",
        title=gettext_lazy("Agreement by how far apart two models are"),
        caption=gettext_lazy(
            "How often most judges say the same as a vote, and one vote the same as another, ties kept. Close "
            "models are hard to tell apart for everybody."
        ),
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
    return f"{low:.0f}{TO}{high:.0f}" if high else f"{OVER}{low:.0f}"


def _as_foretold(rows: Sequence[FlatRow]) -> "StrOrPromise":
    far = rows[-1]
    who = [name for name in ("judges", "people") if any(row[f"{name}_n"] for row in rows)]
    return sentences(_taken(far), *(_held(rows, name) for name in who))


def _taken(far: FlatRow) -> "StrOrPromise":
    """What the better rated of two models as far apart as any wins."""
    if far["judges_n"] and far["people_n"]:
        told = gettext_lazy(
            "{gap} points apart the better rated should win {expected} and wins {judges} by judges and {people} "
            "by people."
        )
    elif far["judges_n"]:
        told = gettext_lazy("{gap} points apart the better rated should win {expected} and wins {judges} by judges.")
    else:
        told = gettext_lazy("{gap} points apart the better rated should win {expected} and wins {people} by people.")
    won = {
        who: percent_between(far[who], far[f"{who}_lower"], far[f"{who}_upper"])
        for who in ("judges", "people")
        if far[f"{who}_n"]
    }
    return format_lazy(told, gap=_opening(far["gap"]), expected=percent(far["expected"]), **won)


def _opening(gap: str) -> "StrOrPromise":
    """Of a sentence."""
    return format_lazy(gettext_lazy("Over {n}"), n=gap.removeprefix(OVER)) if gap.startswith(OVER) else gap_told(gap)


def gap_told(gap: str) -> "StrOrPromise":
    """`0 to 50`, `over 400`: as rows and files have it, for readers of any language."""
    if gap.startswith(OVER):
        return format_lazy(gettext_lazy("over {n}"), n=gap.removeprefix(OVER))
    lower, _, upper = gap.partition(TO)
    return format_lazy(gettext_lazy("{lower} to {upper}"), lower=lower, upper=upper)


def _held(rows: Sequence[FlatRow], who: str) -> "StrOrPromise":
    known = [row for row in rows if row[f"{who}_n"]]
    held = sum(row[f"{who}_lower"] <= row["expected"] <= row[f"{who}_upper"] for row in known)
    told = (
        gettext_lazy("By judges what was foretold lies within the interval in {held} of {n} steps.")
        if who == "judges"
        else gettext_lazy("By people what was foretold lies within the interval in {held} of {n} steps.")
    )
    return format_lazy(told, held=held, n=len(known))


def _from_close_to_far(rows: Sequence[FlatRow]) -> "StrOrPromise":
    known = [row for row in rows if row["judges_n"]]
    near, far = known[0], known[-1]
    told = {"near": _sided(near), "near_gap": gap_told(near["gap"])}
    if len(known) == 1:
        return format_lazy(gettext_lazy("Judges side with a vote in {near} {near_gap} points apart."), **told)
    both = gettext_lazy(
        "Judges side with a vote in {near} {near_gap} points apart and in {far} {far_gap} points apart."
    )
    return format_lazy(both, **told, far=_sided(far), far_gap=gap_told(far["gap"]))


def _sided(row: FlatRow) -> "StrOrPromise":
    return percent_between(row["judges"], row["judges_lower"], row["judges_upper"])
