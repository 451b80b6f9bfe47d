"""A small stage for tests about voting and runs: prompts, models, outputs, matches, judgments, each made by one call."""

from typing import Any

from django.utils import timezone

from apps.contenders.models import Contender, Output
from apps.endpoints.models import Endpoint
from apps.endpoints.operations import register_endpoint
from apps.judging.models import Judge, Judgment
from apps.matches.models import Match
from apps.prompts.models import Prompt, PromptSet
from apps.prompts.operations import ensure_category
from apps.ratings.models import Board

ADDRESS = "https://api.example.com/v1"


def prompt_set(slug: str = "everyday", size: int = 1, turns: int = 1) -> PromptSet:
    made = PromptSet.objects.create(slug=slug, title=slug.capitalize())
    for n in range(1, size + 1):
        asked = [{"role": "user", "content": f"Question {n}, turn {turn}?"} for turn in range(1, turns + 1)]
        Prompt.objects.create(
            prompt_set=made, key=f"{slug}-{n:02}", position=n, category=ensure_category("writing"), messages=asked
        )
    return made


def contender(name: str, *, endpoint: bool = False, simulated: bool = False, **card) -> Contender:
    address = register_endpoint(name=name, base_url=ADDRESS, model=name, simulated=simulated) if endpoint else None
    return Contender.objects.create(name=name, slug=name.lower().replace(" ", "-"), endpoint=address, **card)


def output(contender: Contender, prompt: Prompt, *texts: str, status: str = "done", **fields) -> Output:
    texts = texts or tuple(f"Answer to turn {n}." for n in range(1, len(prompt.turns) + 1))
    return Output.objects.create(
        contender=contender, prompt=prompt, texts=list(texts), status=status, answered_at=timezone.now(), **fields
    )


def match(output_a: Output, output_b: Output, *, turn: int | None = None, **fields) -> Match:
    turn = turn or len(output_a.prompt.turns)
    return Match.objects.create(prompt=output_a.prompt, output_a=output_a, output_b=output_b, turn=turn, **fields)


def judge(slug: str = "strict", *, endpoint: bool = True, **fields) -> Judge:
    address = register_endpoint(name=slug, base_url=ADDRESS, model=slug) if endpoint else None
    return Judge.objects.create(slug=slug, name=slug.capitalize(), endpoint=address, **{"admitted": True} | fields)


def judgment(judge: Judge, match: Match, order: str = "ab", outcome: str | None = "model_a", **fields) -> Judgment:
    state = {"status": "done", "answered_at": timezone.now()} | fields
    return Judgment.objects.create(judge=judge, match=match, order=order, outcome=outcome, **state)


def board(*sets: PromptSet, slug: str = "everyday") -> Board:
    made = Board.objects.create(slug=slug, title=slug.capitalize())
    made.prompt_sets.set(sets)
    return made


def priced_wish(size: int) -> dict[str, Any]:
    """What `create_run` takes: two models on so many prompts by one judge, everybody priced."""
    prompts = prompt_set(size=size)
    contenders = [contender(name, endpoint=True) for name in ("Alder", "Birch")]
    judges = [judge()]
    Endpoint.objects.update(usd_per_million_in=1, usd_per_million_out=2)
    for one in (*contenders, *judges):
        one.endpoint.refresh_from_db()
    return {"board": board(prompts), "prompt_sets": [prompts], "contenders": contenders, "judges": judges}


def matches(size: int, *, names: tuple[str, str] = ("Alder", "Birch"), turns: int = 1) -> list[Match]:
    """So many prompts of one set, each answered by the same two models."""
    a, b = (contender(name) for name in names)
    prompts = prompt_set(size=size, turns=turns).prompts.all()
    return [match(output(a, prompt), output(b, prompt)) for prompt in prompts]
