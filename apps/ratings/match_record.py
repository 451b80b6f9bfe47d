"""One match with all that was said about it: by each judge in both orders, and by people."""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby

from apps.contenders.models import Contender
from apps.humans.models import Reason, Vote
from apps.humans.queries import reasons_on
from apps.judging.models import Judge, Judgment, Score
from apps.matches.models import Match
from apps.matches.queries import Turn, instructions, match_with_outputs, turns
from apps.prompts.privacy import STRANGER, Viewer
from apps.prompts.queries import place_of
from judgeboard.arena.outcome import Outcome

VOTES_SHOWN = 50


@dataclass(frozen=True)
class Panel:
    """What one judge said, in each order it was asked in, or of each answer alone."""

    judge: Judge
    judgments: tuple[Judgment, ...]
    scores: tuple[Score, ...] = ()  # of side a and side b, from which a pointwise judge's verdict follows

    @property
    def is_kin(self) -> bool:
        """It judged its own family, so that its verdict changes no rating."""
        match = self.judgments[0].match
        sides = (match.output_a.contender.family, match.output_b.contender.family)
        return bool(self.judge.family) and self.judge.family in sides

    @property
    def outcome(self) -> Outcome | None:
        """What all its verdicts share, else a tie; None without any verdict."""
        said = {Outcome(judgment.outcome) for judgment in self.judgments if judgment.outcome}
        return (said.pop() if len(said) == 1 else Outcome.TIE) if said else None

    @property
    def changed_its_mind(self) -> bool:
        """The verdict depended on the order of the two answers."""
        sides = {_side(judgment.outcome) for judgment in self.judgments if judgment.outcome}
        return len(sides) > 1 or any(judgment.flipped for judgment in self.judgments)


@dataclass(frozen=True)
class Camp:
    """Those who said the same: one stretch of the ribbon."""

    outcome: Outcome
    judges: tuple[Panel, ...]
    n_votes: int


@dataclass(frozen=True)
class MatchRecord:
    match: Match
    place: int  # of its prompt in the set, counted from 1
    instructions: str
    turns: tuple[Turn, ...]
    panels: tuple[Panel, ...]
    votes: tuple[Vote, ...]
    camps: tuple[Camp, ...]
    n_votes: int
    reasons: dict[tuple[Outcome, str], int]  # how many voters gave which reason for which side

    @property
    def why(self) -> tuple[tuple[Contender, tuple[tuple[str, int], ...]], ...]:
        """For each side that voters gave reasons for: the reasons in words, and how many gave them."""
        told: dict[Contender, list[tuple[str, int]]] = {self.a: [], self.b: []}
        for (side, word), n in self.reasons.items():
            told[self.a if side is Outcome.MODEL_A else self.b].append((str(Reason(word).label), n))
        return tuple((model, tuple(given)) for model, given in told.items() if given)

    @property
    def a(self) -> Contender:
        return self.match.output_a.contender

    @property
    def b(self) -> Contender:
        return self.match.output_b.contender

    @property
    def simulated(self) -> bool:
        judges = any(panel.judge.simulated for panel in self.panels)
        return self.a.simulated or self.b.simulated or judges or any(vote.voter.simulated for vote in self.votes)

    @property
    def n_said(self) -> int:
        """Judges with a verdict, and votes."""
        return sum(camp.n_votes + len(camp.judges) for camp in self.camps)

    @property
    def people(self) -> Outcome | None:
        """What most votes say; None without votes or where no outcome has more than any other."""
        return _most([(camp.outcome, camp.n_votes) for camp in self.camps])

    @property
    def judges(self) -> Outcome | None:
        """What most judges say; None without verdicts or where no outcome has more than any other."""
        return _most([(camp.outcome, len(camp.judges)) for camp in self.camps])


def match_record(pk: int, viewer: Viewer = STRANGER) -> MatchRecord | None:
    """None if there is no such match that the viewer may see."""
    match = match_with_outputs(pk, viewer)
    if match is None:
        return None
    panels = _panels(match)
    votes = tuple(match.votes.select_related("voter").order_by("pk")[:VOTES_SHOWN])
    tally = Counter(match.votes.values_list("outcome", flat=True))
    return MatchRecord(
        match=match,
        place=place_of(match.prompt),
        instructions=instructions(match),
        turns=turns(match),
        panels=panels,
        votes=votes,
        camps=tuple(_camps(panels, tally)),
        n_votes=tally.total(),
        reasons=reasons_on(match) if tally else {},
    )


def _panels(match: Match) -> tuple[Panel, ...]:
    told = match.judgments.select_related("judge__endpoint").order_by("judge__slug", "judge__version", "order")
    panels = [Panel(judge, tuple(said)) for judge, said in groupby(told, key=lambda judgment: judgment.judge)]
    scores = _scores(match, [panel.judge for panel in panels if panel.judge.is_pointwise])
    return tuple(replace(panel, scores=scores.get(panel.judge.pk, ())) for panel in panels)


def _scores(match: Match, judges: list[Judge]) -> dict[int, tuple[Score, ...]]:
    """By judge, side a before side b."""
    if not judges:
        return {}
    sides = (match.output_a_id, match.output_b_id)
    told = Score.objects.filter(judge__in=judges, output__in=sides, turn=match.turn)
    ordered = told.select_related("output__contender").order_by("judge", "output")  # side a is the older output
    return {judge: tuple(scores) for judge, scores in groupby(ordered, key=lambda score: score.judge_id)}


def _camps(panels: tuple[Panel, ...], tally: Counter[str]) -> list[Camp]:
    """From side a over the ties to side b, as the answers stand on the page."""
    return [
        Camp(
            outcome=outcome,
            judges=tuple(panel for panel in panels if panel.outcome is outcome),
            n_votes=tally[outcome],
        )
        for outcome in (Outcome.MODEL_A, Outcome.TIE, Outcome.BOTH_BAD, Outcome.MODEL_B)
    ]


def _side(outcome: str) -> str:
    """A tie and both bad are the same here: neither side wins."""
    return Outcome.TIE if outcome == Outcome.BOTH_BAD else outcome


def _most(counted: list[tuple[Outcome, int]]) -> Outcome | None:
    (first, most), (_, second) = sorted(counted, key=lambda pair: -pair[1])[:2]
    return first if most > second else None
