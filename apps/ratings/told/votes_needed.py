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
                "the same prompts narrow it less. The dashed lines: ±{aim} points, and the votes of today."
            ),
            aim=POINTS,
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
    return sentences(
        _sided(judges),
        _agreed(people) if people else "",
        _needed(judges, people),
        _apart(apart) if apart else "",
    )


def _sided(judges: Known) -> "StrOrPromise":
    told = gettext_lazy("With {votes} votes it is known to ±{reach} points that judges side with {share} of votes.")
    return format_lazy(told, votes=f"{judges.n_votes:,}", reach=_today(judges), share=percent(judges.value))


def _agreed(people: Known) -> "StrOrPromise":
    told = gettext_lazy("That two votes agree on {share} is known to ±{reach}.")
    return format_lazy(told, share=percent(people.value), reach=_today(people))


def _needed(judges: Known, people: Known | None) -> "StrOrPromise":
    aim = POINTS / 100
    both = {"aim": POINTS, "judges": _about(judges.votes_for(aim))}
    if people is None:
        return format_lazy(gettext_lazy("Votes for ±{aim} points: {judges} for judges."), **both)
    told = gettext_lazy("Votes for ±{aim} points: {judges} for judges, {people} for people.")
    return format_lazy(told, **both, people=_about(people.votes_for(aim)))


def _apart(apart: Known) -> "StrOrPromise":
    gap = f"{100 * abs(apart.value):.1f}"
    if apart.is_told:
        return format_lazy(gettext_lazy("The two are {gap} points apart, which is more than chance."), gap=gap)
    if apart.votes_to_tell > MOST:
        told = gettext_lazy("The two are {gap} points apart: a million votes would not tell them from each other.")
        return format_lazy(told, gap=gap)
    told = gettext_lazy("The two are {gap} points apart; if so, {votes} votes tell them from each other.")
    return format_lazy(told, gap=gap, votes=_about(apart.votes_to_tell))


def _today(known: Known) -> str:
    return f"{100 * known.half_width(known.n_votes):.1f}"


def _about(votes: float) -> "StrOrPromise":
    """By its first two digits."""
    if votes > MOST:
        return gettext_lazy("more than a million")
    whole = round(votes)
    return format_lazy(gettext_lazy("about {n}"), n=f"{round(whole, 2 - len(str(whole))):,}")
