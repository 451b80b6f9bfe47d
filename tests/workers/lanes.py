"""Contenders and judges that really answer: each is registered at the address of a simulator or a scripted endpoint."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from asgiref.sync import async_to_sync
from django.utils import timezone

from apps.contenders.models import Contender
from apps.contenders.operations import ensure_contender
from apps.endpoints.models import Endpoint
from apps.endpoints.operations import ensure_endpoint
from apps.judging.models import Judge
from apps.judging.operations import ensure_judge
from apps.leases.models import Leased
from apps.prompts.models import PromptSet
from apps.ratings.operations import ensure_board
from apps.runs.models import Run
from apps.runs.operations import create_run, plan_run
from judgeboard.llm.simulator import RunningSimulator
from tests import stage
from workers.drain import drain
from workers.steps import STEPS

CONTENDERS = ("sim-ginkgo", "sim-cedar", "sim-elm", "sim-dahlia", "sim-aster")  # far apart in planted skill, best first
JUDGE = "sim-judge-oak"
A_MINUTE = timedelta(seconds=61)  # longer than any wait without Retry-After


def contender_at(base_url: str, name: str, **settings) -> Contender:
    return ensure_contender(name=name, endpoint=ensure_endpoint(base_url=base_url, model=name, **settings))


def judge_at(base_url: str, name: str = JUDGE, **settings) -> Judge:
    return ensure_judge(
        slug=name, name=name, endpoint=ensure_endpoint(base_url=base_url, model=name, **settings), admitted=True
    )


def small_run(
    simulator: RunningSimulator, *, contenders: int = 3, prompts: int = 6, prompt_set: PromptSet | None = None
) -> Run:
    """A wish: some contenders, a handful of prompts, one judge. 3 x 6 are 18 outputs, 18 matches and 36 judgments."""
    prompt_set = prompt_set or stage.prompt_set(size=prompts)
    return create_run(
        board=ensure_board(slug="small", title="Small"),
        prompt_sets=[prompt_set],
        contenders=[contender_at(simulator.base_url, name) for name in CONTENDERS[:contenders]],
        judges=[judge_at(simulator.base_url)],
    )


def planned_run(simulator: RunningSimulator, **sizes) -> Run:
    run = small_run(simulator, **sizes)
    plan_run(run=run, now=timezone.now())
    return run


def drain_once(endpoint: Endpoint, **limits):
    return async_to_sync(drain)(endpoint.pk, **limits)


def drain_until_final(*endpoints: Endpoint, rounds: int = 12) -> None:
    """Drains the lanes in turn; each round comes a minute later, so that whatever was postponed is due."""
    for number in range(rounds):
        for endpoint in endpoints:
            drain_once(endpoint, clock=lambda ahead=number * A_MINUTE: timezone.now() + ahead)
        if not any(step.model.objects.filter(status__in=Leased.OPEN).exists() for step in STEPS):
            return


async def until(condition: Callable[[], object]) -> None:
    """Waits for what happens in another thread."""
    while not condition():  # noqa: ASYNC110 (no event of this loop tells of it)
        await asyncio.sleep(0.01)
