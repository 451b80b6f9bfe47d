"""What a submission would set in motion, counted before anything is written. Nothing here asks a model."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

import numpy as np
from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from apps.budgets.price import Price
from apps.contenders.models import Contender, Output
from apps.judging.models import Judge
from apps.judging.operations import BOTH_ORDERS, orders_of
from apps.leases.models import Leased
from apps.prompts.models import PromptSet
from apps.ratings.models import Board, Rating
from apps.ratings.queries import home_board, latest_leaderboard
from apps.runs.asking import askable
from apps.runs.eligibility import eligible
from apps.runs.estimate import (
    Estimate,
    answer_lots,
    board_design_effect,
    estimate,
    newcomer_lot,
    verdict_lots,
)
from apps.runs.ration import ration_left
from judgeboard.arena.pairing.tournament import pairs_for_prompts
from judgeboard.arena.rating.expected_interval import expected_half_width

OWN_MODELS = 4  # ticked to begin with, where somebody runs models on prompts of their own
SEED = 1  # as runs.operations.create_run draws unless told otherwise, so that the plan names the very matches


@dataclass(frozen=True)
class Offer:
    """What a newcomer to a board can be compared on, with whom, by whom and for how much: see `ration_left`."""

    board: Board
    prompt_sets: QuerySet[PromptSet]
    opponents: QuerySet[Contender]
    judges: QuerySet[Judge]
    ration: Decimal | None

    @property
    def missing(self) -> list[str]:
        """What the board lacks before anybody can be compared on it, in words."""
        lacks = {
            gettext("prompts"): self.prompt_sets,
            gettext("opponents"): self.opponents,
            gettext("a judge with an endpoint"): self.judges,
        }
        return [word for word, rows in lacks.items() if not rows.exists()]


@dataclass(frozen=True)
class Plan:
    prompts: int
    opponents: int
    outputs: int  # of the newcomer
    missing_outputs: int  # of opponents that have not answered every prompt yet
    matches: int
    judge_calls: int
    estimate: Estimate | None = field(
        default=None, compare=False
    )  # follows from the counts, and from what was measured


def open_boards() -> QuerySet[Board]:
    """The boards that have prompts to answer."""
    return Board.objects.public().filter(prompt_sets__prompts__isnull=False).distinct()


def offer(board: Board, user: User) -> Offer:
    return Offer(
        board=board,
        prompt_sets=PromptSet.objects.filter(boards=board)
        .annotate(n_prompts=Count("prompts", distinct=True))
        .filter(n_prompts__gt=0),
        opponents=_opponents(board, user),
        judges=_judges(board),
        ration=ration_left(user, now=timezone.now()),
    )


@dataclass(frozen=True)
class OwnOffer:
    """Whom somebody can let answer their own prompts, who can judge, and for how much; `first`: those to begin with."""

    board: Board
    prompt_set: PromptSet
    contenders: QuerySet[Contender]
    judges: QuerySet[Judge]
    first: tuple[int, ...]
    ration: Decimal | None


def own_offer(board: Board, prompt_set: PromptSet, user: User) -> OwnOffer:
    """Models that have answered the set, or that can be asked at no stranger's expense."""
    answered = Q(Exists(Output.objects.done().filter(prompt__prompt_set=prompt_set, contender=OuterRef("pk"))))
    known = Contender.objects.seen_by(user).filter(answered | _can_be_asked_by(user))
    own = tuple(known.filter(answered).values_list("pk", flat=True))
    best = (key for key in _best_first(known) if key not in own)
    first = own + tuple(islice(best, max(OWN_MODELS - len(own), 0)))
    left = ration_left(user, now=timezone.now())
    return OwnOffer(board, prompt_set, known.select_related("endpoint"), _judges(board), first, left)


def _best_first(contenders: QuerySet[Contender]) -> list[int]:
    """As the first board ranks them; those that it does not rank come last, by name."""
    home = home_board()
    newest = latest_leaderboard(home) if home else None
    rated = newest.ratings.filter(by=Rating.By.JUDGES, rating__isnull=False) if newest else Rating.objects.none()
    known = {row.contender_id: row.rating or 0.0 for row in rated}
    return sorted(contenders.values_list("pk", flat=True), key=lambda key: -known.get(key, -math.inf))


def _opponents(board: Board, user: User) -> QuerySet[Contender]:
    """Who has answered prompts of the board; on a board without answers, who can be asked at no stranger's expense."""
    answers = Output.objects.filter(prompt__prompt_set__boards=board, status=Leased.Status.DONE)
    answered = Contender.objects.public().filter(Exists(answers.filter(contender=OuterRef("pk"))))
    if not answered.exists():
        answered = Contender.objects.public().filter(_can_be_asked_by(user))
    return answered.select_related("endpoint")


def _can_be_asked_by(user: User) -> Q:
    """At no stranger's expense."""
    return Q(endpoint__isnull=False) & (Q(endpoint__owner=None) | Q(endpoint__owner=user.pk))


def _judges(board: Board) -> QuerySet[Judge]:
    """The board's own judges, or all if it names none, who may judge on it; imported ones cannot be asked."""
    judges = eligible(Judge.objects.filter(endpoint__isnull=False).select_related("endpoint"), board)
    return judges.filter(boards=board) if board.judges.exists() else judges


def submission_plan(
    *,
    prompt_sets: Sequence[PromptSet],
    opponents: Sequence[Contender],
    judges: Sequence[Judge],
    board: Board,
    name: str = "",
    family: str = "",
    price: Price | None = None,
    pairs_per_prompt: int | None = None,
) -> Plan:
    """Counts the newcomer's outputs and matches, and the judges' calls: each match once in each order, or each of its
    outputs once. A judge is not asked about its own family, the newcomer's included.
    """
    opponents = sorted(opponents, key=lambda contender: contender.pk)
    sizes = [prompt_set.prompts.count() for prompt_set in prompt_sets]
    drawn = _drawn(len(opponents), sizes, pairs_per_prompt)
    families = np.array([contender.family for contender in opponents] + [family], dtype=object)
    calls, verdicts = _judging(judges, families, drawn)
    missing = _missing_outputs(prompt_sets, opponents, sum(sizes))
    newcomer = newcomer_lot(name, sum(sizes), price, opponents)
    return Plan(
        prompts=sum(sizes),
        opponents=len(opponents),
        outputs=sum(sizes),
        missing_outputs=sum(missing.values()),
        matches=len(drawn),
        judge_calls=sum(calls.values()),
        estimate=estimate(
            answers=[newcomer, *answer_lots(opponents, missing)],
            verdicts=verdict_lots(judges, calls),
            elo=expected_half_width(verdicts, board_design_effect(board)),
        ),
    )


def own_run_plan(
    *,
    prompt_set: PromptSet,
    contenders: Sequence[Contender],
    judges: Sequence[Judge],
    board: Board,
    owner: User,
    pairs_per_prompt: int | None = None,
) -> Plan:
    """Counts a run in which all meet each other: matches of whoever may not be asked where it has answered already."""
    contenders = sorted(contenders, key=lambda contender: contender.pk)
    prompts = list(prompt_set.prompts.values_list("pk", flat=True))
    drawn = pairs_for_prompts(len(contenders), len(prompts), pairs_per_prompt, seed=SEED)
    asked = askable(owner, contenders)
    there = set(Output.objects.filter(prompt__in=prompts, contender__in=contenders).values_list("prompt", "contender"))
    will_be = there | {(prompt, one.pk) for prompt in prompts for one in asked}
    met = [match for match in drawn if {(prompts[match[0]], contenders[side].pk) for side in match[1:]} <= will_be]
    matches = np.asarray(met, dtype=int).reshape(-1, 3)
    families = np.array([contender.family for contender in contenders], dtype=object)
    calls, verdicts = _judging(judges, families, matches)
    missing = {one.pk: sum((prompt, one.pk) not in there for prompt in prompts) for one in asked}
    outputs = sum(missing.values())
    return Plan(
        prompts=len(prompts),
        opponents=len(contenders),
        outputs=outputs,
        missing_outputs=outputs,
        matches=len(matches),
        judge_calls=sum(calls.values()),
        estimate=estimate(
            answers=answer_lots(contenders, missing),
            verdicts=verdict_lots(judges, calls),
            elo=expected_half_width(round(2 * verdicts / max(len(contenders), 1)), board_design_effect(board)),
        ),
    )


def _judging(judges: Sequence[Judge], families: np.ndarray, matches: np.ndarray) -> tuple[dict[int, int], int]:
    """The calls to each judge, and the verdicts of all; object[M] families of those who meet in int[n, 3] matches."""
    fair = {judge.pk: _fair(judge, families, matches) for judge in judges}
    calls = {judge.pk: _calls(judge, fair[judge.pk]) for judge in judges}
    return calls, sum(len(fair[judge.pk]) * len(orders_of(judge)) for judge in judges)


def _drawn(opponents: int, sizes: Sequence[int], pairs_per_prompt: int | None) -> np.ndarray:
    """int[n, 3]: the matches as prompt, numbered through all sets, and the two who meet.

    The newcomer is the youngest row, so it stands behind its opponents.
    """
    drawn, before = [np.empty((0, 3), dtype=int)], 0
    for size in sizes:
        pairs = pairs_for_prompts(opponents + 1, size, pairs_per_prompt, newcomer=opponents, seed=SEED)
        drawn.append(np.asarray(pairs, dtype=int).reshape(-1, 3) + np.array([before, 0, 0]))
        before += size
    return np.concatenate(drawn)


def _fair(judge: Judge, families: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The matches without the judge's own family, unless it is told to judge it."""
    if not judge.family or judge.may_judge_kin:
        return drawn
    return drawn[(families[drawn[:, 1:]] != judge.family).all(axis=1)]


def _calls(judge: Judge, matches: np.ndarray) -> int:
    if not judge.is_pointwise:
        return len(matches) * len(BOTH_ORDERS)
    scored = np.concatenate([matches[:, (0, 1)], matches[:, (0, 2)]])
    return len(np.unique(scored, axis=0))


def _missing_outputs(prompt_sets: Sequence[PromptSet], opponents: Sequence[Contender], prompts: int) -> dict[int, int]:
    """By opponent: the prompts it has not answered yet."""
    asked = Output.objects.filter(prompt__prompt_set__in=prompt_sets, contender__in=opponents)
    known = dict(asked.values_list("contender").annotate(Count("pk")).order_by())
    return {opponent.pk: prompts - known.get(opponent.pk, 0) for opponent in opponents}
