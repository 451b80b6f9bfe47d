"""Endpoints that answer 200 with something else, refuse, or are odd: from the socket to the row and to the owner's page."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from aiohttp import web
from django.contrib.auth.models import User
from django.utils import timezone

from apps.contenders.models import Output
from apps.endpoints.models import EndpointCheck
from apps.judging.models import Judgment
from apps.leases.models import Leased
from apps.runs.models import Run
from apps.runs.operations import plan_run, submit_contender
from judgeboard.llm.guard import BODY_CAP
from tests import stage
from tests.cast import text_of
from tests.workers.lanes import drain_once, judge_at
from tests.workers.scripted import Asked, json_body, scripted
from workers.backoff import MOST_FAULTS

pytestmark = pytest.mark.django_db

Status = Leased.Status
MODEL = "rowan-7b"  # what is asked for
EXPECTED = "where a chat completion was expected"


Say = Callable[[Asked], web.Response]


@dataclass(frozen=True)
class Odd:
    """What is answered, and what the owner reads of it."""

    answer: Say
    sentence: str


def said(body: str | bytes, content_type: str = "application/json", status: int = 200) -> Say:
    return lambda asked: web.Response(body=body, content_type=content_type, status=status)


def completion(text: str = "Well.", **fields) -> Say:
    return lambda asked: json_body(text, **{"model": MODEL} | fields)


BODY = json_body("Well.", model=MODEL).body

CHUNK = 'data: {"choices": [{"delta": {"content": "Well."}}]}\n\ndata: [DONE]\n\n'
WEB_PAGE = f"The endpoint answered with a web page (HTML) {EXPECTED}."
STREAM = "The endpoint streamed its answer though no stream was asked for."
BROKEN = "The endpoint answered with JSON that breaks off or is broken."

USELESS = {
    "a web page": Odd(said("<p>Welcome</p>", "text/html"), WEB_PAGE),
    "a web page called JSON": Odd(said("\n<!DOCTYPE html><title>Welcome</title>"), WEB_PAGE),
    "XML": Odd(said("<?xml version='1.0'?><answer/>", "text/xml"), f"The endpoint answered with XML {EXPECTED}."),
    "plain text": Odd(
        said("Well.", "text/plain"), f"The endpoint answered with something that is not JSON {EXPECTED}."
    ),
    "nothing": Odd(said(""), f"The endpoint answered with an empty body {EXPECTED}."),
    "half JSON": Odd(said(BODY[:60]), BROKEN),
    "JSON twice": Odd(said(BODY * 2), BROKEN),
    "a list": Odd(said("[]"), f"The endpoint answered with JSON that is no object {EXPECTED}."),
    "an abyss": Odd(said('{"choices":' + "[" * 200_000), "The endpoint answered with JSON that is nested too deeply."),
    "another object": Odd(
        said('{"object": "list", "data": []}'), f"The endpoint answered with an object without choices {EXPECTED}."
    ),
    "an error under 200": Odd(
        said('{"error": {"message": "overloaded"}}'),
        f"The endpoint answered with an error under status 200 {EXPECTED}.",
    ),
    "an empty choice": Odd(completion(choices=[]), "The endpoint answered without a choice."),
    "a choice without a message": Odd(
        completion(choices=[{"text": "Well."}]), "The endpoint answered with a choice that holds no message."
    ),
    "a stream": Odd(said(CHUNK, "text/event-stream"), STREAM),
    "a stream called JSON": Odd(said(CHUNK), STREAM),
    "more than 2 MiB": Odd(completion("x" * BODY_CAP), "The endpoint sent more than 2 MiB for one answer."),
    "no such key": Odd(said("{}", status=401), "The endpoint did not accept the key (401)."),
    "a key without rights": Odd(said("{}", status=403), "The endpoint did not accept the key (403)."),
    "no such model": Odd(said("{}", status=404), "The endpoint knows no such address or model (404)."),
    "a model that is gone": Odd(said("{}", status=410), "The endpoint knows no such address or model (410)."),
}

ANOTHER_NAME = "Rowan answered under the name “rowan-1b”, which is not the model that was asked for."
NO_USAGE = "Rowan answered without telling how many tokens that took; its cost is a guess."
UTF_8 = json.dumps({"choices": [{"message": {"content": "Na\ufffd\ufffdve."}}]}, ensure_ascii=False).encode()

# Odd, and answers all the same: what is kept, and what the owner reads of it ("" where it does not concern anybody).
USEFUL = {
    "another model's name": (completion(model="rowan-1b"), "Well.", ANOTHER_NAME),
    "no usage": (completion(usage=None), "Well.", NO_USAGE),
    "the wrong content type": (said(BODY, "text/html"), "Well.", ""),
    "nearly 2 MiB": (completion("x" * (BODY_CAP - 1000)), "x" * (BODY_CAP - 1000), ""),
    "a byte that is no UTF-8": (said(UTF_8.replace("\ufffd\ufffd".encode(), b"\xef")), "Na\ufffdve.", ""),
}


@pytest.fixture
def mary():
    return User.objects.create_user("mary")


@pytest.fixture
def submitted(mary):
    """Mary's submission at an address: one prompt, and one opponent that has answered."""

    def submit(base_url) -> Run:
        prompts = stage.prompt_set()
        opponent = stage.contender("Alder")
        stage.output(opponent, prompts.prompts.get())
        return submit_contender(
            owner=mary,
            name="Rowan",
            base_url=base_url,
            model=MODEL,
            key="",
            board=stage.board(prompts),
            prompt_sets=[prompts],
            opponents=[opponent],
            judges=[stage.judge()],
        )

    return submit


def asked(run: Run) -> Output:
    """The newcomer's output, after its lane was drained."""
    EndpointCheck.objects.update(status=Status.DONE)  # it was all right when it was checked
    plan_run(run=run, now=timezone.now())
    return at_last(Output.objects.get(contender=run.newcomer), run.newcomer.endpoint)


def at_last(row, endpoint):
    """The row, after it had its last chance."""
    row.faults = MOST_FAULTS - 1
    row.save()
    drain_once(endpoint)
    row.refresh_from_db()
    return row


def owners_page(client, run: Run) -> str:
    client.force_login(run.owner)
    return text_of(client.get(f"/runs/{run.pk}/"))


@pytest.mark.parametrize("odd", USELESS.values(), ids=USELESS)
def test_what_is_no_answer_fails_in_a_sentence_that_names_it(client, submitted, odd):
    with scripted(odd.answer) as endpoint:
        run = submitted(endpoint.base_url)
        output = asked(run)

    assert (Status.FAILED, odd.sentence) == (output.status, output.problem)
    assert 1 == output.calls == len(endpoint.asked)
    assert f"1 × {odd.sentence}" in owners_page(client, run)


@pytest.mark.parametrize("odd", USELESS.values(), ids=USELESS)
def test_a_check_names_it_before_anything_is_asked(client, submitted, odd):
    with scripted(odd.answer) as endpoint:
        run = submitted(endpoint.base_url)
        drain_once(run.newcomer.endpoint, seconds=0.5)

    check = EndpointCheck.objects.get()
    assert (Status.FAILED, odd.sentence) == (check.status, check.problem)
    assert odd.sentence in owners_page(client, run)


@pytest.mark.parametrize(("answer", "text", "remark"), USEFUL.values(), ids=USEFUL)
def test_what_answers_in_an_odd_way_is_kept_and_remarked_on(client, submitted, answer, text, remark):
    with scripted(answer) as endpoint:
        run = submitted(endpoint.base_url)
        output = asked(run)

    page = owners_page(client, run)
    assert (Status.DONE, [text], 1) == (output.status, output.texts, len(endpoint.asked))
    assert not remark or f"1 × {remark}" in page
    assert (remark in (ANOTHER_NAME, NO_USAGE)) == ("These answers are kept and count." in page)


def test_a_judge_is_read_the_same_way(client):
    (match,) = stage.matches(1)
    with scripted(USELESS["a stream"].answer) as endpoint:
        judge = judge_at(endpoint.base_url)
        judgment = at_last(Judgment.objects.create(judge=judge, match=match, order="ab"), judge.endpoint)

    assert (Status.FAILED, STREAM, None) == (judgment.status, judgment.problem, judgment.outcome)
