"""Simulated people vote on matches of the demo: they read the same two answers as the judges, through the same door."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass

from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils import timezone

from apps.humans.models import Vote, Voter
from apps.humans.operations import NewVote, ensure_voter, record_votes
from apps.leases.models import Leased
from apps.matches.models import Match
from apps.ratings.models import Board
from judgeboard.arena import judge_prompt, judge_reply
from judgeboard.arena.protocols import PAIRWISE
from judgeboard.llm.client import Endpoint, Message, Request, Speaker
from judgeboard.llm.errors import CallFailed
from judgeboard.llm.guard import networks

VOTED_MATCHES = 360
VOTES_PER_MATCH = 3  # so that people can be compared with each other too
SEED = 7


@dataclass(frozen=True)
class Showing:
    """One match shown to one person, side b first or not."""

    match_id: int
    voter_id: int
    b_first: bool
    messages: tuple[Message, ...]


def let_people_vote(board: Board, *, base_url: str, people: Sequence[str]) -> int:
    """Votes of the simulated people on a seeded sample of the board's matches; the number of new votes."""
    voters = {name: ensure_voter(name=name, simulated=True) for name in people}
    showings = _showings(board, voters)
    return record_votes(votes=async_to_sync(_ask_all)(showings, base_url))


def _showings(board: Board, voters: dict[str, Voter]) -> dict[str, list[Showing]]:
    """Who is shown what: drawn by seed, the same in every demo; nobody is asked twice."""
    chance = random.Random(SEED)  # noqa: S311 (a sample, not a secret)
    voted = set(Vote.objects.filter(voter__in=voters.values()).values_list("voter_id", "match_id"))
    shown: dict[str, list[Showing]] = {name: [] for name in voters}
    for match in _sample(board, chance):
        for name in chance.sample(sorted(voters), VOTES_PER_MATCH):
            showing = _showing(match, voters[name], b_first=chance.random() < 0.5)
            if (showing.voter_id, showing.match_id) not in voted:
                shown[name].append(showing)
    return shown


def _sample(board: Board, chance: random.Random) -> list[Match]:
    done = Leased.Status.DONE
    votable = Match.objects.filter(
        prompt__prompt_set__in=board.prompt_sets.values("pk"), output_a__status=done, output_b__status=done
    )
    keys = list(votable.order_by("pk").values_list("pk", flat=True))
    chosen = chance.sample(keys, min(VOTED_MATCHES, len(keys)))
    return list(Match.objects.filter(pk__in=chosen).select_related("prompt", "output_a", "output_b").order_by("pk"))


def _showing(match: Match, voter: Voter, *, b_first: bool) -> Showing:
    first, second = (match.output_b, match.output_a) if b_first else (match.output_a, match.output_b)
    case = judge_prompt.Case(match.prompt.messages, (first.texts, second.texts))
    nonce = judge_prompt.nonce(settings.SECRET_KEY.encode(), PAIRWISE, case)
    messages = judge_prompt.write(PAIRWISE, case, nonce=nonce)
    return Showing(match.pk, voter.pk, b_first, tuple(messages))


async def _ask_all(shown: dict[str, list[Showing]], base_url: str) -> list[NewVote]:
    votes = await asyncio.gather(*(_ask_person(name, showings, base_url) for name, showings in shown.items()))
    return [vote for of_person in votes for vote in of_person]


async def _ask_person(name: str, showings: Sequence[Showing], base_url: str) -> list[NewVote]:
    votes: list[NewVote] = []
    async with Speaker(Endpoint(base_url, name, ""), allowed=networks(settings.ALLOWED_NETWORKS)) as speaker:
        for showing in showings:
            vote = await _ask(speaker, showing)
            votes += [vote] if vote else []
    return votes


async def _ask(speaker: Speaker, showing: Showing) -> NewVote | None:
    """One vote; None when the person said nothing that counts."""
    try:
        verdict = judge_reply.read((await speaker.complete(Request(showing.messages))).text, PAIRWISE.menu).verdict
    except CallFailed:
        return None
    if verdict is None:
        return None
    first = 1 if showing.b_first else 0
    return NewVote(
        voter_id=showing.voter_id,
        match_id=showing.match_id,
        outcome=judge_reply.outcome(verdict, first=first),
        shown_first="b" if showing.b_first else "a",
        cast_at=timezone.now(),
    )
