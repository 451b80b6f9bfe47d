"""How sure agreement is by the number of votes, and how many more would settle it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from apps.ratings.models import Finding, Leaderboard
from apps.ratings.told import Column, FlatRow, Told, percent, sentences
from apps.ratings.told.found import found_rows
from judgeboard.arena.agreement.votes_needed import Known

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

POINTS = 3  # to either side: as sure as a comparison of two raters should be
MOST = 1_000_000  # votes; what takes more is not told in numbers
STEPS = (1, 2, 5)
KEPT = ("value", "variance", "n_votes", "n_prompts")
WHO = ("judges", "people", "apart")


def votes_needed_told(leaderboard: Leaderboard) -> Told | None:
    found = found_rows(leaderboard, Finding.Name.VOTES)
    known = {row["who"]: Known(**{key: row[key] for key in KEPT}) for row in found}
    if "judges" not in known:
        return None
    return Told(
        name="votes-needed",
        title=gettext_lazy("How many votes it takes"),
        caption=format_lazy(
            gettext_lazy(
                "How far the 95 % interval of each agreement reaches to either side if more prompts come with as many "
                "votes on each as now (by formula: the variance over prompts falls with their number). More votes on "
                "the same prompts narrow it less. The dashed lines: ±{points} points, and the votes of today."
            ),
            points=POINTS,
        ),
        summary=_summary(known),
        columns=(
            Column("votes", gettext_lazy("Votes"), "count"),
            Column("judges", gettext_lazy("Judges with a vote, ±"), "tenths"),
            Column("people", gettext_lazy("Two votes, ±"), "tenths"),
            Column("apart", gettext_lazy("Their difference, ±"), "tenths"),
            Column("today", gettext_lazy("Today"), "yes"),
        ),
        rows=tuple(_row(votes, known) for votes in _votes(known)),
    )


def _votes(known: dict[str, Known]) -> Iterator[int]:
    """Round numbers from a tenth of today's to what is needed, and today's."""
    today = known["judges"].n_votes
    needed = [one.votes_for(POINTS / 100) for one in known.values()]
    last = min(max(2 * today, *needed), MOST)
    rounds = [step * 10**power for power in range(1, 7) for step in STEPS]
    shown = [votes for votes in rounds if today / 10 <= votes < last]
    after = next((votes for votes in rounds if votes >= last), MOST)
    yield from sorted({*shown, after, today})


def _row(votes: int, known: dict[str, Known]) -> FlatRow:
    reach = {who: 100 * known[who].half_width(votes) if who in known else None for who in WHO}
    return {"votes": votes, "today": votes == known["judges"].n_votes} | reach


def _summary(known: dict[str, Known]) -> "StrOrPromise":
    judges, people, apart = (known.get(who) for who in WHO)
    assert judges is not None
    told = [_known(judges, people), _takes(judges, people)]
    return sentences(*told, _apart(apart) if apart else "")


def _known(judges: Known, people: Known | None) -> "StrOrPromise":
    today = judges.n_votes
    figures = {"votes": f"{today:,}", "points": _points(judges, today), "share": percent(judges.value)}
    if people is None:
        told = gettext_lazy(
            "With {votes} votes it is known to ±{points} points that judges side with {share} of votes."
        )
        return format_lazy(told, **figures)
    told = gettext_lazy(
        "With {votes} votes it is known to ±{points} points that judges side with {share} of votes, "
        "and to ±{people_points} that two votes agree on {people_share}."
    )
    return format_lazy(told, **figures, people_points=_points(people, today), people_share=percent(people.value))


def _takes(judges: Known, people: Known | None) -> "StrOrPromise":
    figures = {"points": POINTS, "judges": _about(judges.votes_for(POINTS / 100))}
    if people is None:
        return format_lazy(gettext_lazy("Votes for ±{points} points: {judges} for judges."), **figures)
    told = gettext_lazy("Votes for ±{points} points: {judges} for judges, {people} for people.")
    return format_lazy(told, **figures, people=_about(people.votes_for(POINTS / 100)))


def _apart(apart: Known) -> "StrOrPromise":
    gap = f"{100 * abs(apart.value):.1f}"
    if apart.is_told:
        return format_lazy(gettext_lazy("The two are {gap} points apart, which is more than chance."), gap=gap)
    if apart.votes_to_tell > MOST:
        told = gettext_lazy("The two are {gap} points apart: a million votes would not tell them from each other.")
        return format_lazy(told, gap=gap)
    told = gettext_lazy("The two are {gap} points apart; if so, {votes} votes tell them from each other.")
    return format_lazy(told, gap=gap, votes=_about(apart.votes_to_tell))


def _points(known: Known, votes: int) -> str:
    return f"{100 * known.half_width(votes):.1f}"


def _about(votes: float) -> "StrOrPromise":
    """By its first two digits."""
    if votes > MOST:
        return gettext_lazy("more than a million")
    whole = round(votes)
    return format_lazy(gettext_lazy("about {n}"), n=f"{round(whole, 2 - len(str(whole))):,}")
