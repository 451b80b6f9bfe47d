"""R11: forty nasty outputs and more, as they come off the wire, stored and shown.

The short form, with more pages and without the three largest, is `tests/security/test_nasty_outputs.py`.
"""

import json

import pytest
from aiohttp import web

from apps.contenders.models import Output
from apps.contenders.operations import want_outputs
from judgeboard.llm.guard import BODY_CAP
from tests import stage
from tests.security.nasty import NASTY
from tests.security.reading import Reading
from tests.workers.lanes import contender_at, drain_once
from tests.workers.scripted import scripted

pytestmark = [pytest.mark.django_db, pytest.mark.chaos]

AROUND = 200  # bytes of JSON around a text, at most
LARGE = {
    "2 MiB": "word " * ((BODY_CAP - AROUND) // 5),
    "a million combining marks": "Z" + "\u0315" * 1_000_000,
}
BAD_UTF_8 = "na\xefve \xff\xfe \xc0\xaf \xed\xa0\x80"


def as_sent(text: str) -> bytes:
    choice = {"message": {"role": "assistant", "content": text}}
    return json.dumps({"choices": [choice]}, ensure_ascii=False).encode("utf-8", "surrogatepass")


def test_R11_nasty_outputs_are_stored_and_shown(client, promise):
    bodies = [as_sent(text) for text in (NASTY | LARGE).values()]
    bodies.append(as_sent(BAD_UTF_8).decode().encode("latin-1"))
    opponent, prompts = stage.contender("Alder"), list(stage.prompt_set(size=len(bodies)).prompts.all())
    left = iter(bodies)
    with scripted(lambda asked: web.Response(body=next(left), content_type="application/json")) as endpoint:
        contender = contender_at(endpoint.base_url, "scripted", concurrency=1)
        want_outputs(contenders=[contender], prompts=prompts)
        drain_once(contender.endpoint, seconds=120)
    outputs = list(Output.objects.filter(contender=contender).order_by("prompt__position"))
    stored = [output for output in outputs if output.status == "done" and output.texts[0]]
    shown = 0
    for output in stored:
        match = stage.match(output, stage.output(opponent, output.prompt))
        answer = client.get(f"/b/{match.pk}/")
        reading = Reading(answer.content.decode())
        shown += answer.status_code == 200 and not reading.problems and reading.prose >= 3

    promise(
        "R11",
        f"{len(bodies)} nasty outputs, 2 MiB, 10^6 combining marks and bad UTF-8 among them",
        must="all of >= 40 stored and shown, 0 exceptions",
        shown=f"{len(stored)} stored, {shown} shown on pages on which nothing acts",
    )
    assert len(bodies) >= 40
    assert (len(bodies), len(bodies)) == (len(stored), shown)
