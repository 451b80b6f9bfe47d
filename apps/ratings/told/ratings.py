"""Where models stand by the judges and by the people, and where the two differ."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from apps.ratings.board_state import groups_of
from apps.ratings.leaderboard_rows import flat_rows
from apps.ratings.models import Leaderboard
from apps.ratings.rater import ALL_JUDGES, Rater
from apps.ratings.rows import Row, leaderboard_table
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

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KEPT = (
    *("model", "slug", "rating", "lower", "upper", "bounded", "n_judgments"),
    *("human_rating", "human_lower", "human_upper", "human_bounded", "n_votes"),
    *("difference", "difference_lower", "difference_upper"),
    *("usd_per_million_out", "usd_per_win"),
)


PEOPLE = interval_columns("human_rating", gettext_lazy("People’s rating"), "points", "human_")
COUNTS = (Column("n_judgments", gettext_lazy("Judgments"), "count"), Column("n_votes", gettext_lazy("Votes"), "count"))
DIFFERENCE = interval_columns("difference", gettext_lazy("Difference"), "signed", "difference_")


def ratings_told(leaderboard: Leaderboard, rater: Rater = ALL_JUDGES) -> Told | None:
    """Every rated model, best first in the eyes of the rater, the largest group of models that met first."""
    rows = [row for row in in_groups(leaderboard, rater) if is_measured(row) or is_measured(row, "human_")]
    if len(rows) < LEAST:
        return None
    return Told(
        name="ratings",
        title=gettext_lazy("Ratings with their intervals"),
        caption=sentences(
            eyes(rater),
            gettext_lazy("Best first. An arrow goes on beyond the axis; a model without a diamond has no votes."),
        ),
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
        title=_against_people(rater),
        caption=sentences(eyes(rater.of_judges), _above_the_line(rater)),
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


def _against_people(rater: Rater) -> "StrOrPromise":
    if rater.judge:
        return format_lazy(gettext_lazy("{judge} against people"), judge=rater.judge)
    return gettext_lazy("Judges against people")


def _above_the_line(rater: Rater) -> "StrOrPromise":
    if rater.judge is None:
        return gettext_lazy(
            "On the dashed line both see a model alike; above it the judges rate it higher than people do."
        )
    told = gettext_lazy("On the dashed line both see a model alike; above it {judge} rates it higher than people do.")
    return format_lazy(told, judge=rater.judge)


def whose(rater: Rater) -> str:
    """The prefix of the keys of its ratings in a row."""
    return "human_" if rater.is_people else ""


def _highest_and_lowest(rows: Sequence[FlatRow], rater: Rater) -> "StrOrPromise":
    own = whose(rater)
    rated = sorted((row for row in rows if is_measured(row, own)), key=lambda row: -row[f"{own}rating"])
    voted = sum(is_measured(row, "human_") for row in rows)
    told = gettext_lazy("{n} models with 95 % intervals, {voted} of them rated by people too.")
    told = format_lazy(told, n=len(rows), voted=voted)
    return sentences(told, _ends(rated, own, rater)) if len(rated) >= LEAST else told


def _ends(rated: Sequence[FlatRow], own: str, rater: Rater) -> "StrOrPromise":
    if rater.is_people:
        told = gettext_lazy("By people’s rating {highest} is highest and {lowest} lowest.")
    elif rater.judge:
        told = gettext_lazy("By {judge}’s rating {highest} is highest and {lowest} lowest.")
    else:
        told = gettext_lazy("By the judges’ rating {highest} is highest and {lowest} lowest.")
    return format_lazy(told, judge=rater.judge, highest=_named(rated[0], own), lowest=_named(rated[-1], own))


def _named(row: FlatRow, own: str) -> "StrOrPromise":
    ends = {key: written(row[own + key]) for key in ("rating", "lower", "upper")}
    return format_lazy(gettext_lazy("{model} with {rating} ({lower} to {upper})"), model=row["model"], **ends)


def _who_is_seen_apart(rows: Sequence[FlatRow], rater: Rater) -> "StrOrPromise":
    apart = sorted((row for row in rows if row["apart"]), key=lambda row: -abs(row["difference"]))
    told = (
        gettext_lazy("{n} models rated by {judge} and by people.")
        if rater.judge
        else gettext_lazy("{n} models rated by judges and by people.")
    )
    told = format_lazy(told, n=len(rows), judge=rater.judge)
    if not apart:
        return sentences(told, gettext_lazy("Of none is it sure that the two ratings differ."))
    return sentences(told, _most_apart(apart, rater))


def _most_apart(apart: Sequence[FlatRow], rater: Rater) -> "StrOrPromise":
    most = apart[0]
    is_higher = most["difference"] > 0
    if rater.judge and is_higher:
        told = gettext_lazy(
            "The ratings of {n} surely differ, most that of {model}: {points} points higher by {judge}."
        )
    elif rater.judge:
        told = gettext_lazy("The ratings of {n} surely differ, most that of {model}: {points} points lower by {judge}.")
    elif is_higher:
        told = gettext_lazy(
            "The ratings of {n} surely differ, most that of {model}: {points} points higher by the judges."
        )
    else:
        told = gettext_lazy(
            "The ratings of {n} surely differ, most that of {model}: {points} points lower by the judges."
        )
    points = f"{abs(most['difference']):.0f}"
    return format_lazy(told, n=len(apart), model=most["model"], points=points, judge=rater.judge)
