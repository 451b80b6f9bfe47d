"""What a run will come to, from what was measured: tokens, dollars, minutes, and how sure its ratings will be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.db.models import Avg, Count

from apps.budgets.price import NOTHING, Price, Tokens
from apps.contenders.models import Contender, Output
from apps.endpoints.models import Endpoint
from apps.judging.models import Judge, Judgment, Score
from apps.leases.models import LeasedQuerySet
from apps.ratings.models import Board, Rating
from apps.ratings.queries import latest_leaderboard
from apps.runs.models import Run
from apps.runs.queries import run_evidence
from judgeboard.arena.rating.expected_interval import design_effect, expected_half_width

# Where nothing was measured: a question of a few lines with an answer of a page, and two such with a short reason.
GUESSED_ANSWER = Tokens(100, 400)
GUESSED_VERDICT = Tokens(1200, 250)


@dataclass(frozen=True)
class Measured:
    """One question on the average."""

    tokens: Tokens
    latency_ms: float


@dataclass(frozen=True)
class Lot:
    """So many questions to one endpoint. `measured`: None if it was never asked such a question."""

    name: str
    questions: int
    guess: Tokens
    measured: Measured | None
    price: Price | None
    lane: object  # the same for lots that share an endpoint
    concurrency: int = 8

    @property
    def tokens(self) -> Tokens:
        return (self.measured.tokens if self.measured else self.guess).times(self.questions)

    @property
    def seconds(self) -> float:
        return self.questions * self.measured.latency_ms / 1000 / self.concurrency if self.measured else 0.0


@dataclass(frozen=True)
class Estimate:
    """`usd` and `minutes` are of those that are priced and measured; the others are named beside."""

    tokens: Tokens
    usd: Decimal
    unpriced: tuple[str, ...]
    minutes: float
    unmeasured: tuple[str, ...]
    elo: float | None  # to either side, 95 %; of the newcomer, or of a model on the average
    answers: int  # models are asked for
    questions: int  # judges are asked


def estimate(*, answers: Sequence[Lot], verdicts: Sequence[Lot], elo: float | None) -> Estimate:
    lots = [lot for lot in (*answers, *verdicts) if lot.questions]
    tokens = Tokens(0, 0)
    for lot in lots:
        tokens = tokens.and_also(lot.tokens)
    return Estimate(
        tokens=tokens,
        usd=sum((lot.price.of(lot.tokens) for lot in lots if lot.price), NOTHING),
        unpriced=_names(lot for lot in lots if lot.price is None),
        minutes=(_longest(answers) + _longest(verdicts)) / 60,
        unmeasured=_names(lot for lot in lots if lot.measured is None),
        elo=elo,
        answers=sum(lot.questions for lot in answers),
        questions=sum(lot.questions for lot in verdicts),
    )


def _longest(lots: Iterable[Lot]) -> float:
    """Seconds: lanes work side by side, and judges wait for answers."""
    lanes: dict[object, float] = {}
    for lot in lots:
        lanes[lot.lane] = lanes.get(lot.lane, 0.0) + lot.seconds
    return max(lanes.values(), default=0.0)


def _names(lots: Iterable[Lot]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lot.name for lot in lots))


def run_estimate(run: Run) -> Estimate:
    """What is still to be asked in a run that was planned at once."""
    outputs, judgments, scores = run_evidence(run)
    asked = _open(judgments.exclude(order=Judgment.Order.MERGED), "judge") | _open(scores, "judge")
    contenders = list(run.contenders.select_related("endpoint"))
    verdicts = judgments.count() * (1 if run.newcomer_id else 2 / len(contenders))
    return estimate(
        answers=answer_lots(contenders, _open(outputs, "contender")),
        verdicts=verdict_lots(list(run.judges.select_related("endpoint")), asked),
        elo=expected_half_width(verdicts, board_design_effect(run.board)),
    )


def _open(rows: LeasedQuerySet, by: str) -> dict[int, int]:
    return dict(rows.open().values_list(by).annotate(Count("pk")).order_by())


def answer_lots(contenders: Sequence[Contender], questions: Mapping[int, int]) -> list[Lot]:
    """`questions`: outputs to be asked for, by contender."""
    measured = _measured(Output.objects.filter(contender__in=contenders), "contender")
    return [
        _lot(one, one.endpoint, questions.get(one.pk, 0), GUESSED_ANSWER, measured.get(one.pk)) for one in contenders
    ]


def verdict_lots(judges: Sequence[Judge], questions: Mapping[int, int]) -> list[Lot]:
    measured = {
        judge: one
        for model in (Judgment, Score)
        for judge, one in _measured(model.objects.filter(judge__in=judges), "judge").items()
    }
    return [_lot(one, one.endpoint, questions.get(one.pk, 0), GUESSED_VERDICT, measured.get(one.pk)) for one in judges]


def newcomer_lot(name: str, questions: int, price: Price | None, opponents: Sequence[Contender]) -> Lot:
    """A model nobody knows yet: as many tokens as the others on the average, in a time that is not known."""
    said = _measured(Output.objects.filter(contender__in=opponents), "contender").values()
    guess = GUESSED_ANSWER
    if said:
        guess = Tokens(*(round(np.mean(side)) for side in zip(*(one.tokens for one in said), strict=True)))
    return Lot(name, questions, guess, None, price, lane=name)


def _lot(
    of: Contender | Judge, endpoint: Endpoint | None, questions: int, guess: Tokens, measured: Measured | None
) -> Lot:
    if endpoint is None:
        return Lot(str(of), 0, guess, measured, None, lane=None)
    return Lot(str(of), questions, guess, measured, endpoint.price, lane=endpoint.pk, concurrency=endpoint.concurrency)


def _measured(rows: LeasedQuerySet, by: str) -> dict[int, Measured]:
    """By contender or judge; imported answers tell no tokens and measure nothing."""
    told = rows.done().filter(tokens_out__gt=0)
    means = told.values_list(by).annotate(Avg("tokens_in"), Avg("tokens_out"), Avg("latency_ms")).order_by()
    return {key: Measured(Tokens(round(read), round(written)), latency or 0.0) for key, read, written, latency in means}


def board_design_effect(board: Board) -> float:
    """As the newest snapshot has it; 1 before there is one."""
    newest = latest_leaderboard(board)
    if newest is None:
        return 1.0
    rated = newest.ratings.filter(by=Rating.By.JUDGES, bounded=True, lower__isnull=False, n__gt=0)
    told = np.array(list(rated.values_list("lower", "upper", "n")), dtype=float).reshape(-1, 3)
    return design_effect((told[:, 1] - told[:, 0]) / 2, told[:, 2].astype(np.int64))
