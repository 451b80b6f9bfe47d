import random
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from apps.humans.models import Ballot, Reason, Vote, Voter, VoteReason
from apps.humans.queries import open_ballot, votable_match
from judgeboard.arena.outcome import Outcome

BATCH = 2000


class NoSuchBallot(LookupError):
    """Never handed out to this voter."""


class Choice(StrEnum):
    """What a voter may say about two answers as shown."""

    LEFT = "left"
    RIGHT = "right"
    TIE = "tie"
    BOTH_BAD = "both_bad"
    SKIP = "skip"


@dataclass(frozen=True)
class NewVote:
    """A vote from elsewhere, told from the sides of the match. `shown_first`: "a", "b" or "" where it is not known."""

    voter_id: int
    match_id: int
    outcome: Outcome | str
    shown_first: str = ""
    cast_at: datetime = field(default_factory=timezone.now)

    def __post_init__(self) -> None:
        Outcome(self.outcome)  # an unknown word must not reach the table: SQLite would drop such a row in silence
        if self.shown_first not in ("", "a", "b"):
            raise ValueError(f"shown_first is {self.shown_first!r}; expected 'a', 'b' or nothing.")


def ensure_voter(*, name: str, group: str = "", simulated: bool = False) -> Voter:
    """The voter of that name; a known one keeps its group."""
    return Voter.objects.get_or_create(name=name, defaults={"group": group, "simulated": simulated})[0]


def ensure_voter_of(*, user: User) -> Voter:
    """The voter who is this user, under the user's name unless an imported voter has it."""
    known = Voter.objects.filter(user=user).first()
    if known:
        return known
    name = user.get_username()
    if Voter.objects.filter(name=name).exists():
        name = f"{name[:100]}-{user.pk}"
    return Voter.objects.get_or_create(user=user, defaults={"name": name})[0]


def add_guest() -> Voter:
    """A voter known by a session only."""
    return Voter.objects.create(name=f"guest-{secrets.token_hex(8)}")


def record_votes(*, votes: Iterable[NewVote]) -> int:
    """Writes votes down in bulk; the number of new ones. Of two votes of one voter on one match the first stays."""
    return sum(_record_batch(batch) for batch in _batches(votes))


def _batches(votes: Iterable[NewVote]) -> Iterator[list[NewVote]]:
    rest = iter(votes)
    while batch := list(islice(rest, BATCH)):
        yield batch


@transaction.atomic
def _record_batch(votes: list[NewVote]) -> int:
    matches = {vote.match_id for vote in votes}
    known = set(Vote.objects.filter(match__in=matches).values_list("voter_id", "match_id"))
    new: dict[tuple[int, int], Vote] = {}
    for vote in votes:
        pair = (vote.voter_id, vote.match_id)
        if pair not in known:
            new.setdefault(pair, Vote(**vars(vote) | {"outcome": Outcome(vote.outcome).value}))
    Vote.objects.bulk_create(new.values(), ignore_conflicts=True)
    return len(new)


def hand_out_ballot(*, voter: Voter, now: datetime, chance: random.Random | None = None) -> Ballot | None:
    """The voter's open ballot, or a new one with its sides drawn by lot; None when nothing is left to vote on.

    A reload shows the same ballot again: whoever could redraw could wait for the pair he wants.
    """
    chance = chance or random.SystemRandom()
    ballot = open_ballot(voter)
    if ballot:
        return ballot
    match = votable_match(voter, chance)
    if match is None:
        return None
    return Ballot.objects.create(voter=voter, match=match, b_first=chance.random() < 0.5, handed_out_at=now)


@transaction.atomic
def cast_vote(*, token: str, voter: Voter, choice: Choice, now: datetime) -> Ballot:
    """Takes the vote if the ballot is still open; posted again it changes nothing. Raises NoSuchBallot."""
    ballot = ballot_of(token=token, voter=voter)
    still_open = Ballot.objects.filter(pk=ballot.pk, cast_at=None)
    taken = still_open.update(cast_at=now, skipped=choice is Choice.SKIP)
    if taken and choice is not Choice.SKIP:
        said = {
            "outcome": outcome_of(choice, b_first=ballot.b_first).value,
            "shown_first": "b" if ballot.b_first else "a",
            "cast_at": now,
        }
        Vote.objects.get_or_create(voter=voter, match_id=ballot.match_id, defaults=said)
    ballot.refresh_from_db()
    return ballot


@transaction.atomic
def tell_reason(*, token: str, voter: Voter, reason: Reason, holds: bool) -> None:
    """Writes down beside the vote that this made the better answer better, or takes it back; asked twice, once.

    A tie has no better answer, nor has a vote that was taken back: nothing is written then. Raises NoSuchBallot.
    """
    ballot = ballot_of(token=token, voter=voter)
    preferred = Vote.objects.filter(outcome__in=(Outcome.MODEL_A, Outcome.MODEL_B))
    vote = preferred.filter(voter=voter, match_id=ballot.match_id).first()
    if vote and holds:
        VoteReason.objects.get_or_create(vote=vote, reason=reason)
    elif vote:
        VoteReason.objects.filter(vote=vote, reason=reason).delete()


@transaction.atomic
def take_back_vote(*, token: str, voter: Voter) -> Ballot:
    """Deletes the vote; the ballot counts as skipped, since its names are known now. Raises NoSuchBallot."""
    ballot = ballot_of(token=token, voter=voter)
    Vote.objects.filter(voter=voter, match_id=ballot.match_id).delete()
    Ballot.objects.filter(pk=ballot.pk).update(skipped=True)
    ballot.refresh_from_db()
    return ballot


def ballot_of(*, token: str, voter: Voter) -> Ballot:
    try:
        return Ballot.objects.get(token=token, voter=voter)
    except Ballot.DoesNotExist:
        raise NoSuchBallot("This ballot was not handed out to you.") from None


def outcome_of(choice: Choice, *, b_first: bool) -> Outcome:
    """From left and right, as shown, back to the sides of the match."""
    first, second = (Outcome.MODEL_B, Outcome.MODEL_A) if b_first else (Outcome.MODEL_A, Outcome.MODEL_B)
    return {
        Choice.LEFT: first,
        Choice.RIGHT: second,
        Choice.TIE: Outcome.TIE,
        Choice.BOTH_BAD: Outcome.BOTH_BAD,
    }[choice]
