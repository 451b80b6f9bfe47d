"""Who says the same as whom: raters against raters, and all judges against people outcome by outcome."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from apps.ratings.models import Agreement, Leaderboard
from apps.ratings.queries import HUMANS, JUDGES, agreement_table, rating_judges
from apps.ratings.rater import ALL_JUDGES, Rater, judge_key
from apps.ratings.rater import PEOPLE as RATED_BY_PEOPLE
from apps.ratings.told import Column, FlatRow, Told, interval_columns, percent

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PANEL, PEOPLE = "All judges", "People"
OUTCOMES = (("a", "A better"), ("b", "B better"), ("tie", "Tie"))


def raters_told(leaderboard: Leaderboard) -> Told | None:
    """Each pair of raters once: each judge and the people against one another, the people among themselves too."""
    found = [row for row in agreement_table(leaderboard) if _is_of_two(row)]
    if not found:
        return None
    keys = {str(judge): judge_key(judge) for judge in rating_judges(leaderboard.pk)} | {HUMANS: RATED_BY_PEOPLE}
    rows = [_pair(row) | {"key": keys.get(row.left, ""), "other_key": keys.get(row.right, "")} for row in found]
    return Told(
        name="raters",
        title=gettext_lazy("Rater against rater"),
        caption=gettext_lazy(
            "Kappa, which leaves out agreement by chance: 0 is chance, 1 is always. Below it raw agreement and on "
            "how many verdicts; two orders that disagree are a tie, and each vote counts."
        ),
        summary=_most_and_least_alike(rows),
        columns=(
            Column("rater", gettext_lazy("Rater"), "text"),
            Column("other", gettext_lazy("Against"), "text"),
            *interval_columns("kappa", gettext_lazy("Kappa"), "hundredths", "kappa_"),
            *interval_columns("agreement", gettext_lazy("Agree"), "percent"),
            Column("n", gettext_lazy("Compared"), "count"),
        ),
        rows=tuple(rows),
    )


def _is_of_two(row: Agreement) -> bool:
    is_headline = row.unit == Agreement.Unit.VOTE and row.turn is None and row.raters == "all" and row.ties == "kept"
    return is_headline and row.n > 0 and row.left != JUDGES


def _pair(row: Agreement) -> FlatRow:
    figures = ("kappa", "kappa_lower", "kappa_upper", "agreement", "lower", "upper", "n")
    named = {"rater": _rater(row.left), "other": _rater(row.right)}
    return named | {figure: getattr(row, figure) for figure in figures}


def _rater(name: str) -> str:
    return PEOPLE if name == HUMANS else name


def _most_and_least_alike(rows: Sequence[FlatRow]) -> "StrOrPromise":
    known = sorted((row for row in rows if row["kappa"] is not None), key=lambda row: -row["kappa"])
    if not known:
        return gettext_lazy("No two raters differ enough in what they say for kappa to be measured.")
    most, least = known[0], known[-1]
    told = {"most": _both(most), "kappa": _kappa(most), "share": percent(most["agreement"])}
    if len(known) == 1:
        return format_lazy(gettext_lazy("Most alike are {most} with kappa {kappa}, agreeing on {share}."), **told)
    alike = gettext_lazy("Most alike are {most} with kappa {kappa}, agreeing on {share}; least {least} with {other}.")
    return format_lazy(alike, **told, least=_both(least), other=_kappa(least))


def _both(row: FlatRow) -> "StrOrPromise":
    if row["rater"] == row["other"]:
        return gettext_lazy("two people")
    if row["other"] == PEOPLE:
        return format_lazy(gettext_lazy("{rater} and people"), rater=row["rater"])
    return format_lazy(gettext_lazy("{one} and {other}"), one=row["rater"], other=row["other"])


def _kappa(row: FlatRow) -> "StrOrPromise":
    told = {key: _hundredths(row[f"kappa{key}"]) for key in ("", "_lower", "_upper") if row[f"kappa{key}"] is not None}
    if len(told) < 3:
        return told[""]
    between = gettext_lazy("{share} ({lower} to {upper})")
    return format_lazy(between, share=told[""], lower=told["_lower"], upper=told["_upper"])


def _hundredths(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def confusion_told(leaderboard: Leaderboard, rater: Rater = ALL_JUDGES) -> Told | None:
    """What most judges, or one judge, and most people say of each match that both know; style changes nothing here."""
    rows = leaderboard.agreements.filter(
        right=HUMANS, unit=Agreement.Unit.MAJORITY, turn=None, raters="all", ties="kept", n__gt=0
    ).exclude(left=HUMANS)
    row = (rows.filter(judge=rater.judge) if rater.judge else rows).order_by("pk").first()
    if row is None:
        return None
    return Told(
        name="confusion",
        title=_of_a_match(rater),
        caption=_down_and_across(row),
        summary=_how_alike(row, rater),
        columns=(
            Column("judges", gettext_lazy("Judges"), "text"),
            Column("people", gettext_lazy("People"), "text"),
            Column("n", gettext_lazy("Matches"), "cases"),
            Column("share", gettext_lazy("Of all"), "percent"),
        ),
        rows=tuple(_cells(row)),
    )


def _of_a_match(rater: Rater) -> "StrOrPromise":
    if rater.judge:
        return format_lazy(gettext_lazy("What {judge} and people say of a match"), judge=rater.judge)
    return gettext_lazy("What judges and people say of a match")


def _down_and_across(row: Agreement) -> "StrOrPromise":
    if row.left == JUDGES:
        return gettext_lazy(
            "Down: most of what the judges say; across: most votes, else a tie. A is the answer that a "
            "match names first. Each cell opens its matches."
        )
    told = gettext_lazy(
        "Down: most of what {judge} says; across: most votes, else a tie. A is the answer that a "
        "match names first. Each cell opens its matches."
    )
    return format_lazy(told, judge=row.left)


def _cells(row: Agreement) -> Iterable[FlatRow]:
    for (judged, judges), counts in zip(OUTCOMES, row.confusion, strict=True):
        for (voted, people), n in zip(OUTCOMES, counts, strict=True):
            yield {"judges": judges, "people": people, "n": n, "share": n / row.n, "judged": judged, "voted": voted}


def _how_alike(row: Agreement, rater: Rater) -> "StrOrPromise":
    (aa, ab, _), (ba, bb, _), (_, _, ties) = row.confusion
    same, opposite = aa + bb + ties, ab + ba
    told = (
        gettext_lazy(
            "Of {n} matches {judge} and people say the same of {same} ({same_share}) and see opposite sides win in "
            "{opposite} ({opposite_share}); in the others one of them says tie."
        )
        if rater.judge
        else gettext_lazy(
            "Of {n} matches judges and people say the same of {same} ({same_share}) and see opposite sides win in "
            "{opposite} ({opposite_share}); in the others one of them says tie."
        )
    )
    shares = {"same_share": percent(same / row.n), "opposite_share": percent(opposite / row.n)}
    return format_lazy(told, n=row.n, judge=rater.judge, same=same, opposite=opposite, **shares)
