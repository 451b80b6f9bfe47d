import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from apps.contenders.models import Contender, Output
from apps.humans.models import Ballot, Reason, Vote, Voter, VoteReason
from apps.leases.models import Leased
from apps.matches.models import Match
from apps.prompts.messages import image_uris, plain_text
from apps.prompts.privacy import seen_by
from judgeboard.arena.outcome import Outcome

K = TypeVar("K")

WINDOW = 40  # matches looked at behind a random key: enough to prefer among, few enough for a table of any size


def open_ballot(voter: Voter) -> Ballot | None:
    """The ballot the voter was handed last and has not answered, unless the match was voted on elsewhere since."""
    voted = Vote.objects.filter(voter=voter, match=OuterRef("match"))
    return Ballot.objects.filter(~Exists(voted), voter=voter, cast_at=None).order_by("-pk").first()


def votable_match(voter: Voter, chance: random.Random) -> Match | None:
    """A match for this voter: of those behind a random key, one with few votes that the judges have spoken on.

    No sorting of the whole table by chance: the key is drawn between the least and the greatest.
    """
    keys = Match.objects.order_by("pk").values_list("pk", flat=True)
    least, greatest = keys.first(), keys.last()  # two look-ups in an index; min() and max() in one query read it all
    if least is None or greatest is None:
        return None
    pivot = chance.randint(least, greatest)
    votable = _votable(voter)
    window = _keys(votable.filter(pk__gte=pivot)) or _keys(votable.filter(pk__lt=pivot))
    if not window:
        return None
    return _most_useful(Match.objects.filter(pk__in=window), chance)


def _votable(voter: Voter) -> QuerySet[Match]:
    """Both outputs there, everybody may see them, and neither voted on nor skipped by this voter."""
    voted = Vote.objects.filter(voter=voter, match=OuterRef("pk"))
    skipped = Ballot.objects.filter(voter=voter, match=OuterRef("pk"), skipped=True)
    done = Leased.Status.DONE
    return Match.objects.filter(
        ~Exists(voted),
        ~Exists(skipped),
        seen_by(path="prompt__prompt_set__"),
        output_a__status=done,
        output_b__status=done,
    ).order_by("pk")


def _keys(matches: QuerySet[Match]) -> list[int]:
    return list(matches.values_list("pk", flat=True)[:WINDOW])


def _most_useful(matches: QuerySet[Match], chance: random.Random) -> Match:
    """Judged ones first, for they show whether judges and people agree; among them the least voted on; then by lot."""
    judged = Count("judgments", filter=Q(judgments__status=Leased.Status.DONE), distinct=True)
    counted = list(matches.annotate(n_judged=judged, n_votes=Count("votes", distinct=True)).order_by("pk"))
    chance.shuffle(counted)
    return min(counted, key=lambda match: (match.n_judged == 0, match.n_votes))


@dataclass(frozen=True)
class Turn:
    """One exchange of the conversation: what was asked, and both answers as shown."""

    asked: str
    images: tuple[str, ...]  # data URIs
    left: str
    right: str


@dataclass(frozen=True)
class Showing:
    """What a voter may see before the vote: not a name, not a key."""

    token: str
    language: str
    instructions: str
    turns: tuple[Turn, ...]
    simulated: bool  # at least one of the two; not which


def showing(ballot: Ballot) -> Showing:
    return _showing(ballot, _match(ballot))


@dataclass(frozen=True)
class Said:
    """An outcome in terms of models. No winner: a tie, or both bad."""

    outcome: Outcome
    winner: Contender | None


@dataclass(frozen=True)
class Judged(Said):
    judge: str
    simulated: bool
    first: Contender | None  # whose answer the judge saw first; None: both orders in one verdict
    reason: str


@dataclass(frozen=True)
class Revealed:
    """What the ballot hid, after the vote: who answered, what the voter, the judges and other people said."""

    showing: Showing
    match: Match
    left: Contender
    right: Contender
    own: Said | None  # None: skipped
    judged: tuple[Judged, ...]
    others: int
    others_agreeing: int
    told: frozenset[str] = frozenset()  # the reasons that the voter gave

    @property
    def reasons(self) -> tuple[tuple[str, str, bool], ...]:
        """Each that may be given, as a word and in words, and whether it was; none where no answer was the better."""
        if self.own is None or self.own.winner is None:
            return ()
        return tuple((reason.value, str(reason.label), reason.value in self.told) for reason in Reason)

    @property
    def simulated(self) -> bool:
        return self.showing.simulated or any(said.simulated for said in self.judged)


def revealed(ballot: Ballot) -> Revealed:
    match = _match(ballot)
    left, right = _as_shown(ballot, match.output_a, match.output_b)
    votes = dict(match.votes.values_list("voter_id", "outcome"))
    own = votes.pop(ballot.voter_id, "")
    return Revealed(
        showing=_showing(ballot, match),
        match=match,
        left=left.contender,
        right=right.contender,
        own=Said(Outcome(own), _winner(match, own)) if own else None,
        judged=_judged(match),
        others=len(votes),
        others_agreeing=sum(outcome == own for outcome in votes.values()),
        told=frozenset(_reasons(ballot).values_list("reason", flat=True)) if own else frozenset(),
    )


def _reasons(ballot: Ballot) -> QuerySet[VoteReason]:
    return VoteReason.objects.filter(vote__voter=ballot.voter_id, vote__match=ballot.match_id)


def reasons_on(match: Match) -> dict[tuple[Outcome, str], int]:
    """How many voters gave which reason for which side, in the order of the list."""
    given = VoteReason.objects.filter(vote__match=match).values_list("vote__outcome", "reason").annotate(Count("pk"))
    return _in_order({(Outcome(outcome), reason): n for outcome, reason, n in given.order_by()}, lambda key: key[1])


def reasons_for(contender: Contender, on: QuerySet[Vote]) -> dict[str, int]:
    """How often voters gave which reason for preferring it, among those votes."""
    as_a = Q(vote__outcome=Outcome.MODEL_A, vote__match__output_a__contender=contender)
    as_b = Q(vote__outcome=Outcome.MODEL_B, vote__match__output_b__contender=contender)
    given = VoteReason.objects.filter(as_a | as_b, vote__in=on).values_list("reason").annotate(Count("pk"))
    return _in_order(dict(given.order_by()), lambda key: key)


def _in_order(counts: dict[K, int], word: Callable[[K], str]) -> dict[K, int]:
    return dict(sorted(counts.items(), key=lambda item: Reason.values.index(word(item[0]))))


def _judged(match: Match) -> tuple[Judged, ...]:
    a, b = match.output_a.contender, match.output_b.contender
    answered = match.judgments.filter(status=Leased.Status.DONE).select_related("judge__endpoint")
    return tuple(
        Judged(
            outcome=Outcome(str(judgment.outcome)),  # a done judgment has one: a constraint says so
            winner=_winner(match, str(judgment.outcome)),
            judge=str(judgment.judge),
            simulated=judgment.judge.simulated,
            first={"ab": a, "ba": b}.get(judgment.order),
            reason=judgment.reason,
        )
        for judgment in answered.order_by("judge__name", "judge__version", "order")
    )


def _winner(match: Match, outcome: str) -> Contender | None:
    won = {Outcome.MODEL_A: match.output_a, Outcome.MODEL_B: match.output_b}.get(Outcome(outcome))
    return won.contender if won else None


def _match(ballot: Ballot) -> Match:
    sides = ("output_a__contender__endpoint", "output_b__contender__endpoint")
    return Match.objects.select_related("prompt", *sides).get(pk=ballot.match_id)


def _showing(ballot: Ballot, match: Match) -> Showing:
    left, right = _as_shown(ballot, match.output_a, match.output_b)
    asked = [message["content"] for message in match.prompt.turns[: match.turn]]
    system = [message["content"] for message in match.prompt.messages if message["role"] == "system"]
    return Showing(
        token=ballot.token,
        language=match.prompt.language,
        instructions="\n\n".join(plain_text(content) for content in system),
        turns=tuple(
            Turn(plain_text(content), image_uris(content), *answers)
            for content, *answers in zip(asked, left.texts, right.texts, strict=False)
        ),
        simulated=left.contender.simulated or right.contender.simulated,
    )


def _as_shown(ballot: Ballot, a: Output, b: Output) -> tuple[Output, Output]:
    return (b, a) if ballot.b_first else (a, b)
