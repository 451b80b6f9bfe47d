"""A run that stops by itself, whole: a simulator that answers, a database, a worker, and the board in the end.

`precision` plays many boards in memory; here a few are played as a maintainer would, by `create_run` with a precision
and `manage.py work`'s own loop. Each has 12 contenders of other skills. The truth that their intervals are held against
is what the simulated judge makes of 4,000 other prompts in both orders, not asked but read off its planted chances. The
round robin in two orders that is stopped in hindsight hears the same judge on the run's own prompts.
"""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations, permutations
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from statistics import NormalDist
from typing import Any

import numpy as np

from benchmarks.precision import growing, verdicts_of
from benchmarks.surroundings import own_postgresql
from judgeboard.arena.pairing.stopping import widest_half_width
from judgeboard.arena.rating.likelihood import maximum
from judgeboard.arena.rating.scale import ELO
from judgeboard.arena.style.position import fit_positions
from judgeboard.arena.verdicts import A_WINS, B_WINS, TIE
from judgeboard.llm.simulator import Options, running_simulator
from judgeboard.llm.simulator.cast import JUDGES, TIDY, Cast
from judgeboard.llm.simulator.contenders import Contender, answer
from judgeboard.llm.simulator.readers import lasting_lead
from judgeboard.llm.simulator.reading import Pair

BOARDS, CONTENDERS, PROMPTS, SPREAD = 3, 12, 500, 90.0
HALF_WIDTH = 20.0
OTHER_PROMPTS = 4_000
MOST_OF_ROUND_ROBIN, LEAST_HELD = 0.6, 31  # of 36 intervals of 95 %: fewer are chance once in seventy times
JUDGE = JUDGES[0]


@dataclass(frozen=True)
class Play:
    """calls to the judge; rating, lower, upper: by contender, Elo points."""

    calls: int
    reason: str
    rating: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def run() -> bool:
    with own_postgresql():
        os.environ["ALLOWED_NETWORKS"] = "127.0.0.0/8"
        plays = [played(cast_of(board)) for board in range(BOARDS)]
    with ProcessPoolExecutor() as workers:
        truths = list(workers.map(truth, map(cast_of, range(BOARDS))))
        robins = list(workers.map(round_robin, map(cast_of, range(BOARDS))))
    print(f"{CONTENDERS} contenders, until every interval of 95 % is ±{HALF_WIDTH:g} Elo points")
    print("board   calls   round robin   of it   stopped by     truth held   furthest off, Elo")
    held = 0
    for board, (play, true, robin) in enumerate(zip(plays, truths, robins, strict=True)):
        within = int(((play.lower <= true) & (true <= play.upper)).sum())
        held += within
        off = np.abs(play.rating - true).max()
        print(
            f"{board:>5}   {play.calls:>5,}   {robin:>11,}   {play.calls / robin:>5.2f}   {play.reason:<12}"
            f"   {within:>3} of {CONTENDERS}   {off:>17.1f}"
        )
    share = sum(play.calls for play in plays) / sum(robins)
    kept = share <= MOST_OF_ROUND_ROBIN and held >= LEAST_HELD and {play.reason for play in plays} == {"half_width"}
    print(
        f"stopped run: {share:.2f} of the round robin's calls (at most {MOST_OF_ROUND_ROBIN}), {held} of "
        f"{BOARDS * CONTENDERS} intervals hold the truth (at least {LEAST_HELD}): {'within' if kept else 'BEYOND'}"
    )
    return kept


def cast_of(board: int) -> Cast:
    skills = np.random.default_rng(board).normal(1000, SPREAD, CONTENDERS)
    told = (
        Contender(f"board-{board}-model-{n:02d}", float(skill), 8, TIDY, f"family-{n}")
        for n, skill in enumerate(skills)
    )
    return Cast(tuple(told), (JUDGE,), ())


def played(cast: Cast) -> Play:
    """The run, in the database of the environment."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "judgeboard.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from workers.broker_free import work

    with _simulator(cast) as base_url:
        run = _wish(cast, base_url)
        asyncio.run(work(until_done=True, stop=asyncio.Event(), told=lambda line: None))
    return _came_to(run, cast)


@contextmanager
def _simulator(cast: Cast) -> Iterator[str]:
    """The base URL of one in a process of its own, until the block ends."""
    ours, theirs = Pipe()
    process = get_context("spawn").Process(target=_simulate, args=(cast, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def _simulate(cast: Cast, told: Connection) -> None:
    with running_simulator(Options(cast=cast)) as simulator:
        told.send(simulator.base_url)
        told.poll(None)  # until whoever reads is gone


def _wish(cast: Cast, base_url: str) -> Any:
    from apps.contenders.operations import ensure_contender
    from apps.endpoints.operations import ensure_endpoint
    from apps.judging.operations import ensure_judge
    from apps.ratings.operations import ensure_board
    from apps.runs.operations import create_run

    name = cast.contenders[0].name.rsplit("-", 2)[0]
    judge = ensure_endpoint(base_url=base_url, model=JUDGE.name)
    models = [
        ensure_contender(name=model.name, endpoint=ensure_endpoint(base_url=base_url, model=model.name))
        for model in cast.contenders
    ]
    return create_run(
        board=ensure_board(slug=name, title=name),
        prompt_sets=[_prompt_set(name)],
        contenders=models,
        judges=[ensure_judge(slug=f"{name}-judge", name=f"{name} judge", endpoint=judge, admitted=True)],
        precision=HALF_WIDTH,
    )


def _prompt_set(slug: str) -> Any:
    from apps.prompts.models import Prompt, PromptSet
    from apps.prompts.operations import ensure_category

    made = PromptSet.objects.create(slug=slug, title=slug)
    category = ensure_category("writing")
    Prompt.objects.bulk_create(
        Prompt(prompt_set=made, key=f"{n}", position=n, category=category, messages=[{"role": "user", "content": text}])
        for n, text in enumerate(questions(PROMPTS))
    )
    return made


def _came_to(run: Any, cast: Cast) -> Play:
    from apps.judging.models import Judgment
    from apps.ratings.models import Rating
    from apps.ratings.queries import latest_leaderboard

    run.refresh_from_db()
    snapshot = latest_leaderboard(run.board)
    assert snapshot is not None
    judged = snapshot.ratings.filter(by=Rating.By.JUDGES).select_related("contender")
    rated = {rating.contender.name: rating for rating in judged}
    rows = [rated[model.name] for model in cast.contenders]
    columns = (np.array([getattr(row, name) for row in rows], dtype=float) for name in ("rating", "lower", "upper"))
    calls = Judgment.objects.filter(match__draws__run=run).distinct().count()
    return Play(calls, run.stopped_because, *columns)


def questions(n: int, start: int = 0) -> Iterator[str]:
    for number in range(start, start + n):
        yield f"Question {number}: what should somebody know about matter number {number}, and why?"


def chances(cast: Cast, question: str) -> np.ndarray:
    """float64[M, M, 2]: that the row wins when it is shown before the column, and that it wins or the two are alike."""
    texts = [answer(model, [question], seed=0, sampling="") for model in cast.contenders]
    found = np.zeros((CONTENDERS, CONTENDERS, 2))
    for (i, first), (j, second) in permutations(enumerate(texts), 2):
        lead = lasting_lead(JUDGE, Pair(question, first, second), seed=0)
        spread = NormalDist(lead or 0.0, JUDGE.slip)
        found[i, j] = (0, 1) if lead is None else (1 - spread.cdf(JUDGE.tie_band), 1 - spread.cdf(-JUDGE.tie_band))
    return found


def truth(cast: Cast) -> np.ndarray:
    """float64[M], Elo points: what the judge's chances come to over other prompts, both orders of each match."""
    points = np.zeros((CONTENDERS, CONTENDERS))
    for question in questions(OTHER_PROMPTS, start=10_000):
        first = chances(cast, question).mean(axis=-1)
        points += first + (1 - first).T
    np.fill_diagonal(points, 0)
    strength = maximum(points, np.ones_like(points, dtype=bool))
    return 1000 + ELO * (strength - strength.mean())


def round_robin(cast: Cast) -> int:
    """The calls of as few whole prompts as reach the half-width, everyone against everyone in two orders."""
    rng = np.random.default_rng(1)
    pairs = list(combinations(range(CONTENDERS), 2))
    i, j = np.array([(*pair, *pair[::-1]) for pair in pairs]).reshape(-1, 2).T
    outcome = [_told(chances(cast, question)[i, j], rng) for question in questions(PROMPTS)]
    for prompts in growing(20):
        prompt = np.repeat(np.arange(prompts), len(i))
        match = prompt * len(pairs) + np.tile(np.repeat(np.arange(len(pairs)), 2), prompts)
        a, b = np.tile(i, prompts), np.tile(j, prompts)
        found = fit_positions(verdicts_of(a, b, np.concatenate(outcome[:prompts]), prompt, np.zeros(len(a)), match))
        if widest_half_width(found.rating, found.covariance, np.ones(CONTENDERS, bool)) <= HALF_WIDTH:
            return len(a)
    raise RuntimeError("The round robin has too few prompts.")


def _told(chance: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """int[n] outcome codes; chance: float64[n, 2] that the first wins, that it does or the two are alike."""
    drawn = rng.random(len(chance))
    return np.where(drawn < chance[:, 0], A_WINS, np.where(drawn < chance[:, 1], TIE, B_WINS))


if __name__ == "__main__":
    raise SystemExit(not run())
