"""Do judge-corrected intervals cover what people would say, and are they narrower than those of the votes alone?

Boards of 12 models and 3,000 matches on 100 shared prompts, every match judged in both orders. People and judge see the
same answers, so they agree on a match beyond the models' strengths; the judge also likes length and a family of models.
The truth is the rating that endless human votes on endless prompts would give.
"""

from dataclasses import dataclass, fields

import numpy as np
from scipy.special import expit

from judgeboard.arena.corrected.fit import corrected_fit
from judgeboard.arena.rating.bradley_terry import BradleyTerryFit, fit
from judgeboard.arena.rating.likelihood import maximum
from judgeboard.arena.rating.scale import ELO
from judgeboard.arena.verdicts import Verdicts

MODELS, PROMPTS, MATCHES, BOARDS = 12, 100, 3000, 200
VOTES = (100, 200, 500, 1000, 2000)
COVERAGE = (0.93, 0.97)  # of nominal 95 % intervals
WIDEST = 1.02  # mean width, in that of the votes alone

STRENGTH, ANSWER = 0.6, 2.5  # natural units: spread of the models, and of the answers of one model
TIES, POSITION = 0.15, 0.4  # share of votes that are ties; the judge's liking for the first shown


@dataclass(frozen=True)
class Judge:
    """keen: how strongly better answers sway it; length, family: what it likes that people do not, in natural units."""

    keen: float
    length: float
    family: float


JUDGES = {"good, biased": Judge(2.0, 0.5, 0.5), "poor, very biased": Judge(0.2, 1.0, 1.5)}


@dataclass(frozen=True)
class Measured:
    """Of one board: shares of true ratings within intervals, mean widths and mean squared errors in Elo points."""

    corrected: float
    human: float
    judge: float
    width: float
    human_width: float
    error: float
    human_error: float
    worth: float
    lambda_: float


def run() -> bool:
    print("judge              votes  lambda   cover: corrected  votes alone  judge alone   width   worth: said  found")
    kept = [_row(name, judge, n) for name, judge in JUDGES.items() for n in VOTES]
    print(f"coverage_corrected: {sum(kept)} of {len(kept)} rows keep {COVERAGE} and {WIDEST:g} times the width")
    return all(kept)


def simulated(rng: np.random.Generator, n: int, judge: Judge) -> tuple[np.ndarray, Verdicts, Verdicts]:
    """(true ratings, n votes, judgments)."""
    skill = rng.normal(0, STRENGTH, MODELS)
    answer = skill + rng.normal(0, ANSWER, (PROMPTS, MODELS))
    taste = judge.length * rng.normal(rng.normal(0, 0.5, MODELS), 1, (PROMPTS, MODELS))
    taste[:, :3] += judge.family
    a = rng.integers(MODELS, size=MATCHES)
    b = (a + rng.integers(1, MODELS, size=MATCHES)) % MODELS
    prompt = rng.integers(PROMPTS, size=MATCHES)
    lead = answer[prompt, a] - answer[prompt, b]
    seen = judge.keen * lead + taste[prompt, a] - taste[prompt, b]
    both = np.tile(np.arange(MATCHES), 2)
    first = np.repeat([0, 1], MATCHES)
    judged = _outcome(rng, seen[both] + np.where(first == 0, POSITION, -POSITION), 0.05)
    voted = rng.choice(MATCHES, n, replace=False)
    votes = _verdicts(a, b, prompt, voted, _outcome(rng, lead[voted], TIES), np.full(n, -1))
    return _truth(skill), votes, _verdicts(a, b, prompt, both, judged, first)


def _row(name: str, judge: Judge, n: int) -> bool:
    rng = np.random.default_rng(n)
    boards = [_measured(*simulated(rng, n, judge)) for _ in range(BOARDS)]
    mean = Measured(*(float(np.mean([getattr(board, field.name) for board in boards])) for field in fields(Measured)))
    width, found = mean.width / mean.human_width, mean.human_error / mean.error
    covers = f"{100 * mean.corrected:16.1f}  {100 * mean.human:11.1f}  {100 * mean.judge:11.1f}"
    print(f"{name:18} {n:5}  {mean.lambda_:6.2f}   {covers}   {width:5.3f}   {mean.worth:11.2f}  {found:5.2f}")
    return COVERAGE[0] <= mean.corrected <= COVERAGE[1] and width <= WIDEST


def _measured(truth: np.ndarray, votes: Verdicts, judgments: Verdicts) -> Measured:
    found = corrected_fit(votes, judgments)
    human, judge = found.human, fit(judgments)
    width, human_width = (float(np.mean(board.upper - board.lower)) for board in (found, human))
    error, human_error = (float(np.mean((board.rating - truth) ** 2)) for board in (found, human))
    return Measured(
        corrected=_held(found, truth),
        human=_held(human, truth),
        judge=_held(judge, truth),
        width=width,
        human_width=human_width,
        error=error,
        human_error=human_error,
        worth=found.effective / found.n_votes,
        lambda_=found.lambda_,
    )


def _held(board: BradleyTerryFit, truth: np.ndarray) -> float:
    return float(np.mean((board.lower <= truth) & (truth <= board.upper)))


def _outcome(rng: np.random.Generator, lead: np.ndarray, ties: float) -> np.ndarray:
    decided = (rng.random(len(lead)) > expit(lead)).astype(np.int8)
    return np.where(rng.random(len(lead)) < ties, 2, decided).astype(np.int8)


def _verdicts(
    a: np.ndarray, b: np.ndarray, prompt: np.ndarray, match: np.ndarray, outcome: np.ndarray, first: np.ndarray
) -> Verdicts:
    return Verdicts(
        names=tuple(f"model-{number}" for number in range(MODELS)),
        a=a[match].astype(np.int32),
        b=b[match].astype(np.int32),
        outcome=outcome,
        prompt=prompt[match].astype(np.int32),
        rater=np.zeros(len(match), dtype=np.int32),
        first=first.astype(np.int8),
        match=match.astype(np.int32),
    )


def _truth(skill: np.ndarray) -> np.ndarray:
    """The fit to the mean points over prompts, by Gauss-Hermite over the difference of two answers."""
    node, weight = np.polynomial.hermite_e.hermegauss(61)
    lead = (skill[:, None] - skill)[..., None] + ANSWER * np.sqrt(2) * node
    points = TIES / 2 + (1 - TIES) * (expit(lead) * weight).sum(axis=-1) / weight.sum()
    np.fill_diagonal(points, 0.0)
    return 1000 + ELO * maximum(points, np.ones_like(points, dtype=bool))
