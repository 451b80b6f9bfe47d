"""Five ticks for an endpoint, gained by the very code path of a run, and what else judges may be asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from apps.budgets.price import Tokens
from apps.endpoints.models import EndpointCheck
from apps.leases.models import Leased
from judgeboard.arena import judge_reply
from judgeboard.llm.client import Request
from judgeboard.llm.completion import Completion
from judgeboard.llm.errors import (
    BadRequest,
    CallFailed,
    Forbidden,
    KeyRefused,
    RateLimited,
    Refused,
    TimedOut,
    Unreachable,
)
from workers.steps.bounds import most_tokens, tokens_of
from workers.steps.step import Answer, Question, Voice

GREETING = [{"role": "user", "content": "Reply with one short friendly sentence."}]
SAMPLING = Request(GREETING, temperature=0.5, max_tokens=64)
BARE = Request(GREETING)
BOUND = Request(
    [{"role": "user", "content": "Is 4 more than 3? Say why, then [[A]] for yes or [[B]] for no."}],
    max_tokens=256,
    schema=judge_reply.schema(judge_reply.THREE_WAY),
)


class CheckEndpoint:
    model: type[Leased] = EndpointCheck

    def ready(self, endpoint_id: int, now: datetime) -> QuerySet[EndpointCheck]:
        return EndpointCheck.objects.ready(now).filter(endpoint=endpoint_id)

    def load(self, keys: Sequence[int]) -> list[Question]:
        checks = EndpointCheck.objects.filter(pk__in=keys).select_related("endpoint")
        return [EndpointQuestion(check.pk, check.faults, check.endpoint.model) for check in checks]

    def recall(self, questions: Sequence[Question]) -> dict[int, Answer]:
        """An endpoint that worked yesterday may not work today."""
        return {}

    def stored(self, keys: Sequence[int]) -> None:
        """Nothing waits on a check but the run, and the conductor looks at that."""


@dataclass(frozen=True)
class EndpointQuestion:
    key: int
    faults: int
    model: str
    tokens: int = tokens_of(GREETING)
    digest: str = ""

    def at_most(self) -> Tokens:
        first = most_tokens(SAMPLING).and_also(most_tokens(BARE))
        return first.and_also(most_tokens(BOUND)).and_also(most_tokens(BOUND))

    async def ask(self, speaker: Voice) -> Answer:
        ticks = await check(speaker, self.model)
        return Answer(Leased.Status.DONE if ticks["replies"] else Leased.Status.FAILED, ticks)


async def check(speaker: Voice, model: str) -> dict[str, Any]:
    """The ticks and, where one is missing, `problem`: a sentence for the owner. No model list alone is no fault.

    Raises RateLimited.
    """
    ticks: dict[str, Any] = {"model_listed": await _is_listed(speaker, model)}
    try:
        ticks |= _heard(await speaker.complete(SAMPLING)) | {"parameters_accepted": True}
    except BadRequest as refusal:
        ticks |= {"reachable": True, "key_accepted": True, "parameters_accepted": False, "problem": str(refusal)}
        ticks |= await _ask_bare(speaker)
    except Refused as refusal:
        accepted = not isinstance(refusal, KeyRefused)
        ticks |= {"reachable": True, "key_accepted": accepted, "replies": False, "problem": str(refusal)}
    except RateLimited:
        raise  # there is an endpoint and it is busy: to be asked again
    except CallFailed as failure:
        reached = ticks["model_listed"] or not isinstance(failure, Forbidden | TimedOut | Unreachable)
        ticks |= {"reachable": reached, "replies": False, "problem": str(failure)}
    if ticks["replies"]:
        ticks["structured"] = await _is_bound(speaker)
        ticks["log_probabilities"] = await _tells_alternatives(speaker, structured=ticks["structured"])
    return ticks


async def _is_bound(speaker: Voice) -> bool:
    """Some endpoints refuse a JSON schema, some ignore it without a word: only a reply that obeys it tells."""
    try:
        said = (await speaker.complete(BOUND)).text
    except CallFailed:
        return False
    return judge_reply.read_object(said, judge_reply.THREE_WAY) is not None


async def _tells_alternatives(speaker: Voice, *, structured: bool) -> bool:
    """Asked as judges will be; some endpoints refuse it, some say nothing about it, some do not tell alternatives."""
    asked = BOUND if structured else replace(BOUND, schema=None)
    try:
        tokens = (await speaker.complete(replace(asked, alternatives=True))).tokens
    except CallFailed:
        return False
    return any(len(offered) > 1 for _, offered in tokens)


async def _is_listed(speaker: Voice, model: str) -> bool:
    try:
        return model in await speaker.list_models()
    except CallFailed:
        return False


async def _ask_bare(speaker: Voice) -> dict[str, Any]:
    """Some endpoints take no temperature or max_tokens: do they reply without?"""
    try:
        return _heard(await speaker.complete(BARE))
    except CallFailed as failure:
        return {"replies": False, "problem": str(failure)}


def _heard(completion: Completion) -> dict[str, Any]:
    ticks: dict[str, Any] = {"reachable": True, "key_accepted": True, "replies": bool(completion.text.strip())}
    if not ticks["replies"]:
        ticks["problem"] = "The endpoint answered with an empty text."
    return ticks | {"reply": completion.text[:2000], "latency_ms": completion.latency_ms}
