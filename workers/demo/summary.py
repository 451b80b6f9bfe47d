"""What the demo came to, in numbers; the planted truth is asked of the simulator, the only one who knows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import httpx
from scipy.stats import kendalltau

from apps.judging.operations import orders_of
from apps.leases.models import Leased
from apps.ratings.models import Board, Leaderboard, Rating
from apps.ratings.queries import headline_agreement, latest_leaderboard
from apps.runs.models import Run
from apps.runs.queries import run_judgments, run_outputs

ANSWERED = (Leased.Status.DONE, Leased.Status.UNUSABLE)


@dataclass(frozen=True)
class Summary:
    """The last line of `make demo ONCE=1`. `lost`: rows the runs are owed and do not have an answer to."""

    contenders: int
    outputs: int
    judgments: int
    lost: int
    votes: int
    kendall_truth: float | None
    agreement: float | None
    seconds: float


def summarise(board: Board, runs: Sequence[Run], *, base_url: str, seconds: float) -> Summary:
    leaderboard = latest_leaderboard(board)
    with_humans, _ = headline_agreement(leaderboard) if leaderboard else (None, None)
    agreed = with_humans.agreement if with_humans else None
    return Summary(
        contenders=leaderboard.ratings.filter(by=Rating.By.JUDGES).count() if leaderboard else 0,
        outputs=sum(run_outputs(run).filter(status__in=ANSWERED).count() for run in runs),
        judgments=sum(run_judgments(run).filter(status__in=ANSWERED).count() for run in runs),
        lost=sum(_lost(run) for run in runs),
        votes=leaderboard.n_votes if leaderboard else 0,
        kendall_truth=_kendall(leaderboard, _truth(base_url)) if leaderboard else None,
        agreement=None if agreed is None else round(agreed, 4),
        seconds=round(seconds, 1),
    )


def _lost(run: Run) -> int:
    """Counted from what the run is owed, not from the rows there are: a row that vanished is lost too."""
    prompts = sum(prompt_set.prompts.count() for prompt_set in run.prompt_sets.all())
    contenders = run.contenders.count()
    pairs = min(run.pairs_per_prompt or comb(contenders, 2), comb(contenders, 2))
    owed_outputs = prompts * contenders
    owed_judgments = prompts * pairs * sum(len(orders_of(judge)) for judge in run.judges.all())
    outputs: int = run_outputs(run).filter(status__in=ANSWERED).count()
    judgments: int = run_judgments(run).filter(status__in=ANSWERED).count()
    return owed_outputs - outputs + owed_judgments - judgments


def _truth(base_url: str) -> dict[str, float]:
    answer = httpx.get(f"{base_url.removesuffix('/v1')}/simulator/truth", timeout=10, trust_env=False)
    skill: dict[str, float] = answer.raise_for_status().json()["skill"]
    return skill


def _kendall(leaderboard: Leaderboard, skill: dict[str, float]) -> float | None:
    ratings = leaderboard.ratings.filter(by=Rating.By.JUDGES, rating__isnull=False)
    pairs = [
        (rating, skill[name]) for name, rating in ratings.values_list("contender__name", "rating") if name in skill
    ]
    if len(pairs) < 2:
        return None
    return round(float(kendalltau(*zip(*pairs, strict=True)).statistic), 4)
