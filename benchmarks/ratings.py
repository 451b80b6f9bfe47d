"""How long do ratings take, and how do peers fare on the same data in the same run?

First our own engine from whole numbers, as the service keeps them, each figure beside its limit; then every peer that
can be installed, from names, as they take it, beside us from names too. Limits were written down on one machine; on
another they are as much longer or shorter as the fit of a peer takes, measured before and after each table: the pace of
a shared machine changes within minutes.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.boards import simulated
from benchmarks.peers.rating import table
from benchmarks.peers.rating.adapters import judgeboard_ids
from judgeboard.arena.prompt_tallies import PromptTallies
from judgeboard.arena.rating.bootstrap import bootstrap
from judgeboard.arena.rating.bradley_terry import fit, fit_prompt_tallies, fit_tallies
from judgeboard.arena.rating.elo import sequential_elo
from judgeboard.arena.rating.win_rate import against_field
from judgeboard.arena.style.bootstrap import style_replicates
from judgeboard.arena.style.fit import fit_style
from judgeboard.arena.tallies import Tallies
from judgeboard.arena.verdicts import Verdicts

MATCHES, RUNS = 1_000_000, 5
SAME_PROBLEM = ("arena-rank", "choix", "evalica")  # leaderbot has a prior, FastChat stops early
MOST_APART = 0.1  # Elo points
YARDSTICK, WRITTEN_AT = "arena-rank", 2.6  # seconds of its fit with interval where the limits were written down


@dataclass(frozen=True)
class Task:
    name: str
    limit: float  # milliseconds, where the yardstick takes WRITTEN_AT
    run: Callable[[], Any]


def run() -> bool:
    kept = [_ours(100, _tasks(100)), _ours(400, _tasks_of_many(400))]
    measured = table.show(
        f"{MATCHES:,} matches, 100 contenders, from names", table.rows(simulated(MATCHES, 100, seed=1))
    )
    measured += table.show(
        f"{MATCHES:,} matches, 400 contenders, from names", table.rows(simulated(MATCHES, 400, seed=1), ("fit",))
    )
    apart = [row.apart for row in measured if row.peer in SAME_PROBLEM and row.apart is not None]
    agreed = max(apart, default=0.0) <= MOST_APART
    print(
        f"ratings: {sum(kept)} of {len(kept)} tables within their limits; peers that solve the same problem are ",
        end="",
    )
    print(f"{max(apart, default=0.0):.3f} Elo points away at most (allowed: {MOST_APART})")
    return all(kept) and agreed


def _yardstick() -> float:
    """Seconds of the peer's fit with interval; WRITTEN_AT where it cannot be installed."""
    *_, row = table.rows(simulated(MATCHES, 100, seed=1), ("interval",), (YARDSTICK,))
    if row.seconds is None:
        print(f"limits as they were written down: {YARDSTICK} is {row.remarks}")
    return WRITTEN_AT if row.seconds is None else row.seconds


def _ours(contenders: int, tasks: list[Task]) -> bool:
    before = _yardstick()
    taken = [_taken(task) for task in tasks]
    after = _yardstick()
    pace = (before + after) / 2 / WRITTEN_AT
    print(f"\n{MATCHES:,} matches, {contenders} contenders, 500 prompts, from whole numbers; median of {RUNS}")
    print(
        f"limits times {pace:.2f}: {YARDSTICK} takes {before:.2f} s for a fit with interval before and {after:.2f} s "
        f"after, {WRITTEN_AT} where they were written down"
    )
    print("task                                          ms      min      max    limit")
    within = [_within(task, ms, task.limit * pace) for task, ms in zip(tasks, taken, strict=True)]  # to the last
    return all(within)


def _taken(task: Task) -> list[float]:
    """Milliseconds of each run."""
    task.run()
    return [_milliseconds(task.run) for _ in range(RUNS)]


def _within(task: Task, taken: list[float], limit: float) -> bool:
    median = statistics.median(taken)
    within = median <= limit
    beyond = "" if within else "  BEYOND"
    print(f"{task.name:<40} {median:8.1f} {min(taken):8.1f} {max(taken):8.1f} {limit:8.1f}{beyond}", flush=True)
    return within


def _milliseconds(run: Callable[[], Any]) -> float:
    started = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - started)


def _tasks(contenders: int) -> list[Task]:
    verdicts, covariates = judgeboard_ids.taken(simulated(MATCHES, contenders, seed=1))
    columns = {name: getattr(verdicts, name) for name in Verdicts.__dataclass_fields__}
    counts, by_prompt = Tallies.of(verdicts), PromptTallies.of(verdicts)
    return [
        Task("fit, interval by prompt", 15, lambda: fit(Verdicts(**columns))),
        Task("fit, interval by match", 80, lambda: fit(verdicts, interval="match")),
        Task("the same from counts kept by prompt", 4, lambda: fit_prompt_tallies(by_prompt)),
        Task("fit, Fisher's interval, from counts", 4, lambda: fit_tallies(counts)),
        Task("1,000 bootstraps by match", 250, lambda: bootstrap(verdicts, unit="match", seed=1)),
        Task("1,000 bootstraps by prompt", 250, lambda: bootstrap(verdicts, unit="prompt", seed=1)),
        Task("style fit, interval by prompt", 250, lambda: fit_style(verdicts, covariates)),
        Task("style fit and 1,000 bootstraps", 400, lambda: style_replicates(verdicts, covariates)),
        Task("sequential Elo", 250, lambda: sequential_elo(verdicts)),
        Task("win rates with intervals", 30, lambda: against_field(verdicts)),
    ]


def _tasks_of_many(contenders: int) -> list[Task]:
    verdicts, _ = judgeboard_ids.taken(simulated(MATCHES, contenders, seed=1))
    return [
        Task("fit, interval by prompt", 60, lambda: fit(verdicts)),
        Task("1,000 bootstraps by match", 3000, lambda: bootstrap(verdicts, unit="match", seed=1)),
    ]
