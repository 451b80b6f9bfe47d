"""How sure agreement is by the number of votes, and how many more would settle it."""

from collections.abc import Iterator

from apps.ratings.models import Finding, Leaderboard
from apps.ratings.told import Column, FlatRow, Told, percent
from apps.ratings.told.found import found_rows
from judgeboard.arena.agreement.votes_needed import Known

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
        title="How many votes it takes",
        caption="How far the 95 % interval of each agreement reaches to either side if more prompts come with as many "
        "votes on each as now (by formula: the variance over prompts falls with their number). More votes on the same "
        f"prompts narrow it less. The dashed lines: ±{POINTS} points, and the votes of today.",
        summary=_summary(known),
        columns=(
            Column("votes", "Votes", "count"),
            Column("judges", "Judges with a vote, ±", "tenths"),
            Column("people", "Two votes, ±", "tenths"),
            Column("apart", "Their difference, ±", "tenths"),
            Column("today", "Today", "yes"),
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


def _summary(known: dict[str, Known]) -> str:
    judges, people, apart = (known.get(who) for who in WHO)
    assert judges is not None
    today = judges.n_votes
    told = f"With {today:,} votes it is known to ±{_points(judges, today)} points that judges side with "
    told += f"{percent(judges.value)} of votes"
    told += f", and to ±{_points(people, today)} that two votes agree on {percent(people.value)}. " if people else ". "
    takes = f"{_about(judges.votes_for(POINTS / 100))} for judges"
    takes += f", {_about(people.votes_for(POINTS / 100))} for people" if people else ""
    told += f"Votes for ±{POINTS} points: {takes}."
    return told + (f" {_apart(apart)}" if apart else "")


def _apart(apart: Known) -> str:
    gap = f"{100 * abs(apart.value):.1f} points"
    if apart.is_told:
        return f"The two are {gap} apart, which is more than chance."
    if apart.votes_to_tell > MOST:
        return f"The two are {gap} apart: a million votes would not tell them from each other."
    return f"The two are {gap} apart; if so, {_about(apart.votes_to_tell)} votes tell them from each other."


def _points(known: Known, votes: int) -> str:
    return f"{100 * known.half_width(votes):.1f}"


def _about(votes: float) -> str:
    """By its first two digits."""
    if votes > MOST:
        return "more than a million"
    whole = round(votes)
    return f"about {round(whole, 2 - len(str(whole))):,}"
