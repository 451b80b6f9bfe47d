"""Style control: how long does it take, and do its intervals cover the truth as often as they say?"""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.boards import simulated
from benchmarks.peers.rating.adapters import judgeboard_ids
from judgeboard.arena.rating.bradley_terry import Interval
from judgeboard.arena.style.bootstrap import style_replicates
from judgeboard.arena.style.covariates import Covariates
from judgeboard.arena.style.fit import fit_style
from judgeboard.arena.verdicts import Verdicts
from tests.arena.styled_boards import styled_board

ROWS, CONTENDERS = 1_000_000, 100
COEFFICIENT = {"length": 0.5, "headers": 0.1, "lists": -0.2, "bold": 0.1}
MOST_SECONDS = {"fit": 0.25, "bootstrap": 0.4}
BOARDS = 200
COVERAGE = (0.93, 0.97)  # of intervals by prompt that state 0.95


def run() -> bool:
    return all([_quick_enough(), _covers()])


def _quick_enough() -> bool:
    verdicts, covariates = _styled(np.random.default_rng(1))
    tasks: dict[str, Callable[[], object]] = {
        "fit": lambda: fit_style(verdicts, covariates),
        "bootstrap": lambda: style_replicates(verdicts, covariates, number=1000),
    }
    print(f"{ROWS:,} verdicts, {CONTENDERS} contenders, {len(COEFFICIENT)} covariates: seconds (median of 5, min, max)")
    kept = []
    for name, task in tasks.items():
        taken = [_seconds(task) for _ in range(5)]
        kept.append(statistics.median(taken) <= MOST_SECONDS[name])
        judged = f"({'within' if kept[-1] else 'BEYOND'} {MOST_SECONDS[name]:g} s)"
        print(f"{name:<10}  {statistics.median(taken):.3f}  {min(taken):.3f}  {max(taken):.3f}  {judged}")
    return all(kept)


def _styled(rng: np.random.Generator) -> tuple[Verdicts, Covariates]:
    """Outcomes drawn anew, with normal covariates of the sizes that standardised differences have."""
    verdicts, _ = judgeboard_ids.taken(simulated(ROWS, CONTENDERS, seed=1))
    skill = rng.normal(0, 0.8, CONTENDERS)
    covariates = Covariates.of({name: rng.normal(size=ROWS) for name in COEFFICIENT})
    lead = skill[verdicts.a] - skill[verdicts.b] + covariates.values @ list(COEFFICIENT.values())
    won = rng.random(ROWS) < 1 / (1 + np.exp(-lead))
    return replace(verdicts, outcome=np.where(won, 0, 1).astype(np.int8)), covariates


def _covers() -> bool:
    rng = np.random.default_rng(20240501)
    hits: dict[Interval, list[np.ndarray]] = {"prompt": [], "match": []}
    for _ in range(BOARDS):
        drawn = styled_board(rng)
        truth = np.append(drawn.rating, drawn.coefficient)
        for interval, found in hits.items():
            fit = fit_style(drawn.verdicts, drawn.covariates, interval=interval)
            lower = np.append(fit.lower, [one.lower for one in fit.coefficients])
            upper = np.append(fit.upper, [one.upper for one in fit.coefficients])
            found.append((lower <= truth) & (truth <= upper))
    covered = {interval: np.mean(found, axis=0) for interval, found in hits.items()}
    print(f"coverage over {BOARDS} boards, nominal 0.95: ratings, coefficients of length and of order")
    for interval, share in covered.items():
        print(f"by {interval:<6}  {share[:-2].mean():.3f}  {share[-2]:.3f}  {share[-1]:.3f}")
    return bool(COVERAGE[0] <= covered["prompt"][:-2].mean() <= COVERAGE[1])


def _seconds(task: Callable[[], object]) -> float:
    started = time.perf_counter()
    task()
    return time.perf_counter() - started
