"""Boards with many judgments, in the database of the environment."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "judgeboard.settings")
django.setup()

from django.core.cache import cache  # noqa: E402 (Django first)
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Model  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from apps.contenders.models import Contender, Output  # noqa: E402
from apps.humans.models import Vote, Voter  # noqa: E402
from apps.judging.models import Judge, Judgment  # noqa: E402
from apps.matches.models import Match  # noqa: E402
from apps.prompts.models import Category, Prompt, PromptSet  # noqa: E402
from apps.ratings.answer_styles import answer_styles  # noqa: E402
from apps.ratings.evidence import board_evidence  # noqa: E402
from apps.ratings.models import Board  # noqa: E402
from apps.ratings.operations import refit_board  # noqa: E402
from apps.ratings.standing import standings  # noqa: E402
from judgeboard.arena.rating.scale import EloScale  # noqa: E402
from workers.figures import draw_now  # noqa: E402

CONTENDERS, PROMPTS, VOTERS = 100, 500, 20
BATCH = 5000
WORDS = ("model_a", "model_b", "tie")


def migrate() -> None:
    call_command("migrate", verbosity=0)


def of(judgments: int, contenders: int = CONTENDERS, votes: int | None = None) -> Board:
    """A board of that many judgments, on prompts, models and judges of its own. Every hundredth match has a vote
    unless `votes` says how many there are."""
    rng, slug = np.random.default_rng(judgments), f"big-{judgments}"
    prompt_set = PromptSet.objects.create(slug=slug, title=slug)
    category = Category.objects.get_or_create(slug="writing", name="Writing")[0]
    asked = [{"role": "user", "content": "?"}]
    prompts = _made(
        Prompt(prompt_set=prompt_set, key=f"{number}", category=category, messages=asked) for number in range(PROMPTS)
    )
    models = _made(Contender(slug=f"{slug}-{n}", name=f"{slug}-{n}") for n in range(contenders))
    outputs = _made(
        Output(contender=model, prompt=prompt, texts=["."], status="done") for prompt in prompts for model in models
    )
    matches = _made(_matches(judgments // 4, outputs, rng))
    skill = dict(zip((model.pk for model in models), rng.normal(0, 0.9, contenders), strict=True))
    judges = _made(Judge(slug=f"{slug}-judge-{n}", name=f"{slug} judge {n}") for n in range(2))
    _add(Judgment, (judgment for judge in judges for judgment in _judged(judge, matches, skill, rng)))
    voters = _made(Voter(name=f"{slug}-voter-{n}") for n in range(VOTERS))
    _add(Vote, _voted(voters, matches[:: len(matches) // votes if votes else 100], skill, rng))
    board = Board.objects.create(slug=slug, title=slug)
    board.prompt_sets.add(prompt_set)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as a server does by itself after a while
    return board


def steps(board: Board) -> Iterator[Callable[[], Any]]:
    """What a refit does, part by part, then as a whole, then once more with nothing new."""
    evidence = board_evidence(board)
    judges = {judge.pk: judge for judge in Judge.objects.filter(slug__startswith=f"{board.slug}-")}
    yield lambda: board_evidence(board)
    yield lambda: evidence.digest
    yield lambda: standings(evidence, judges, answer_styles(board).compared(evidence), EloScale())
    yield lambda: refit_board(board=board, now=timezone.now())
    yield lambda: refit_board(board=board, now=timezone.now())


def stand(board: Board) -> None:
    """Rates it and draws its charts, as workers do."""
    refit_board(board=board, now=timezone.now())
    draw_now(board, now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def queries(address: str) -> tuple[int, int]:
    """Of a page that was not made yet, and of the same once it was."""
    cache.clear()
    return _counted(address), _counted(address)


def processor_time(address: str) -> float:
    """Seconds of the web process for a page that was not made yet, the database's own aside: the median of several."""
    taken = []
    for _ in range(7):
        cache.clear()
        started = time.process_time()
        Client().get(address, headers={"Host": "localhost"})
        taken.append(time.process_time() - started)
    return statistics.median(taken)


def _counted(address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(address, headers={"Host": "localhost"}).status_code == 200
    return len(asked)


def _matches(count: int, outputs: list[Output], rng: np.random.Generator) -> Iterator[Match]:
    """Distinct pairs of outputs to one prompt, drawn from all there are."""
    contenders = len(outputs) // PROMPTS
    pairs = np.array(np.triu_indices(contenders, 1)).T
    for number in rng.choice(PROMPTS * len(pairs), count, replace=False).tolist():
        prompt, pair = divmod(number, len(pairs))
        a, b = (outputs[prompt * contenders + side] for side in pairs[pair].tolist())
        yield Match(prompt_id=a.prompt_id, output_a=a, output_b=b)


def _judged(
    judge: Judge, matches: list[Match], skill: dict[int, float], rng: np.random.Generator
) -> Iterator[Judgment]:
    for order in ("ab", "ba"):
        for match, outcome in zip(matches, _outcomes(matches, skill, rng), strict=True):
            yield Judgment(
                judge=judge, match=match, order=order, status="done", outcome=outcome, answered_at=match.created_at
            )


def _voted(
    voters: list[Voter], matches: list[Match], skill: dict[int, float], rng: np.random.Generator
) -> Iterator[Vote]:
    for number, (match, outcome) in enumerate(zip(matches, _outcomes(matches, skill, rng), strict=True)):
        yield Vote(voter=voters[number % len(voters)], match=match, outcome=outcome)


def _outcomes(matches: list[Match], skill: dict[int, float], rng: np.random.Generator) -> list[str]:
    a, b = (
        np.array([skill[getattr(match, side).contender_id] for match in matches]) for side in ("output_a", "output_b")
    )
    won = rng.random(len(matches)) < 1 / (1 + np.exp(b - a))
    code = np.where(rng.random(len(matches)) < 0.1, 2, np.where(won, 0, 1))
    return [WORDS[number] for number in code.tolist()]


def _made(rows: Iterator[Any]) -> list[Any]:
    listed = list(rows)
    return type(listed[0])._default_manager.bulk_create(listed, batch_size=BATCH)


def _add(model: type[Model], rows: Iterator[Any]) -> None:
    """Without keeping them."""
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            model._default_manager.bulk_create(batch)
            batch.clear()
    model._default_manager.bulk_create(batch)
