"""Judgments that wait to be asked, in an emptied database of the environment."""

import asyncio
import os
import resource

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "judgeboard.settings")
django.setup()

from asgiref.sync import sync_to_async  # noqa: E402 (Django first)
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import Count, Max, Min, Sum  # noqa: E402

from apps.contenders.models import Contender, Output  # noqa: E402
from apps.endpoints.operations import ensure_endpoint, register_endpoint  # noqa: E402
from apps.judging.models import Judgment  # noqa: E402
from apps.judging.operations import ensure_judge, want_judgments  # noqa: E402
from apps.matches.operations import add_matches  # noqa: E402
from apps.prompts.models import Prompt, PromptSet  # noqa: E402
from apps.prompts.operations import ensure_category  # noqa: E402
from workers import conductor  # noqa: E402
from workers.drain import drain  # noqa: E402

CONTENDERS = 5
PAIRS = CONTENDERS * (CONTENDERS - 1) // 2
ANSWER = "It depends on what you need. " * 40  # 1,200 characters, a usual answer


def empty() -> None:
    call_command("migrate", verbosity=0)
    call_command("flush", verbosity=0, interactive=False)


def judgments(base_url: str, count: int, at_once: int) -> int:
    """Wants so many of one judge; its lane, known to answer already."""
    empty()
    lane = ensure_endpoint(base_url=base_url, model="sim-judge-oak", concurrency=at_once, learnt=at_once)
    judge = ensure_judge(slug="oak", name="oak", endpoint=lane)
    want_judgments(judge=judge, match_ids=add_matches(pairings=_pairings(-(-count // (2 * PAIRS)))))
    Judgment.objects.update(status="wanted")
    surplus = Judgment.objects.order_by("pk").values_list("pk", flat=True)[count:]
    Judgment.objects.filter(pk__in=list(surplus)).delete()
    return int(lane.pk)


@transaction.atomic
def lanes(base_url: str, *, count: int, judgments: int, at_once: int) -> None:
    """Wants so many judgments of each of so many judges, every judge at an endpoint of its own; all at one moment.

    No two judges are asked the same, or the second would not be asked at all.
    """
    each = judgments // 2  # matches, in both orders
    matches = add_matches(pairings=_pairings(-(-count * each // PAIRS)))
    for number in range(count):
        lane = register_endpoint(
            name=f"lane {number}", base_url=base_url, model="sim-judge-oak", concurrency=at_once, learnt=at_once
        )
        judge = ensure_judge(slug=f"oak-{number}", name=f"oak {number}", endpoint=lane)
        want_judgments(judge=judge, match_ids=matches[number * each : (number + 1) * each])
    Judgment.objects.update(status="wanted")


def _pairings(prompts: int) -> list[tuple[int, int, int, int]]:
    made = PromptSet.objects.create(slug="asked", title="asked")
    category = ensure_category("writing")
    rows = [
        Prompt(
            prompt_set=made, key=f"{n}", position=n, category=category, messages=[{"role": "user", "content": f"{n}?"}]
        )
        for n in range(prompts)
    ]
    asked = Prompt.objects.bulk_create(rows)
    models = [Contender.objects.create(slug=f"{n}", name=f"{n}") for n in range(CONTENDERS)]
    outputs = Output.objects.bulk_create(
        Output(contender=model, prompt=prompt, texts=[f"{ANSWER}{model.name}"], status="done")
        for prompt in asked
        for model in models
    )
    by_prompt = [outputs[n * CONTENDERS : (n + 1) * CONTENDERS] for n in range(prompts)]
    return [(a.prompt_id, a.pk, b.pk, 1) for told in by_prompt for n, a in enumerate(told) for b in told[n + 1 :]]


async def until_done(lane: int) -> None:
    """As `manage.py work` does it, without ratings."""
    while await sync_to_async(conductor.anything_open)():
        drained = await drain(lane)
        if not drained.answered:
            await asyncio.sleep(0.1)


def not_done() -> int:
    return int(Judgment.objects.exclude(status="done").count())


def a_second() -> float:
    """Answers a second, from the first to the last."""
    told = Judgment.objects.aggregate(first=Min("answered_at"), last=Max("answered_at"), n=Count("pk"))
    return (told["n"] - 1) / (told["last"] - told["first"]).total_seconds()


def calls() -> int:
    return int(Judgment.objects.aggregate(calls=Sum("calls"))["calls"])


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
