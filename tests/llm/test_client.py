"""The client against real HTTP servers: the simulator with planted faults, and servers that misbehave on purpose."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import web

from judgeboard.llm.client import Endpoint, Request, Speaker
from judgeboard.llm.completion import read_completion, storable
from judgeboard.llm.errors import BadRequest, Forbidden, RateLimited, Refused, TimedOut, TooLarge, Unavailable
from judgeboard.llm.guard import BODY_CAP, networks
from judgeboard.llm.simulator import Faults, Options, ResponseFormat, running_simulator

LOOPBACK = networks(["127.0.0.0/8"])
HELLO = Request([{"role": "user", "content": "Why is the sky blue?"}])
KEY = "sk-canary-7f3a91"


def ask(base_url, *, model="sim-aster", allowed=LOOPBACK, request=HELLO, key=KEY, deadline=5.0):
    async def speak():
        async with Speaker(Endpoint(base_url, model, key, deadline=deadline), allowed=allowed) as speaker:
            return await speaker.complete(request)

    return asyncio.run(speak())


@asynccontextmanager
async def serving(handler):
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()


def ask_handler(handler, *, deadline=5.0):
    async def speak():
        async with (
            serving(handler) as base_url,
            Speaker(Endpoint(base_url, "m", KEY, deadline=deadline), allowed=LOOPBACK) as speaker,
        ):
            return await speaker.complete(HELLO)

    return asyncio.run(speak())


def test_a_completion_carries_text_tokens_and_the_name_it_was_served_under():
    with running_simulator() as simulator:
        completion = ask(simulator.base_url)

    assert "sim-aster" == completion.model
    assert "stop" == completion.finish_reason
    assert completion.text.strip()
    assert completion.tokens_in > 0
    assert completion.tokens_out > 0


def test_parameters_that_are_none_are_not_sent():
    seen = {}

    async def remember(request):
        seen.update(await request.json())
        return web.Response(status=500)

    with pytest.raises(Unavailable):
        ask_handler(remember)

    assert {"model", "messages"} == set(seen)


def test_a_schema_is_sent_as_the_form_of_the_reply_and_obeyed_where_the_endpoint_can():
    verdict = {"type": "string", "enum": ["[[A]]", "[[B]]"]}
    schema = {"type": "object", "properties": {"reason": {"type": "string"}, "verdict": verdict}}
    request = replace(HELLO, schema=schema)
    with running_simulator(Options(response_format=ResponseFormat.OBEYED)) as simulator:
        said = json.loads(ask(simulator.base_url, request=request).text)
    with running_simulator() as simulator, pytest.raises(BadRequest):
        ask(simulator.base_url, request=request)

    assert {"reason", "verdict"} == set(said)
    assert said["verdict"] in verdict["enum"]


def test_alternatives_to_the_last_tokens_are_read_where_they_are_asked_for_and_told():
    with running_simulator() as simulator:
        plain, asked = (
            ask(simulator.base_url, request=replace(HELLO, alternatives=wanted)) for wanted in (False, True)
        )

    assert () == plain.tokens
    assert asked.text.endswith("".join(token for token, _ in asked.tokens))
    assert {5} == {len(offered) for _, offered in asked.tokens}
    assert all(token in offered and offered[token] <= 0 for token, offered in asked.tokens)


def weighed(text, logprob=-0.1, **more):
    return {"token": text, "logprob": logprob} | more


@pytest.mark.parametrize(
    ("logprobs", "tokens"),
    [
        (None, ()),
        ([], ()),
        ("many", ()),
        ({"content": None}, ()),
        ({"content": ["[["]}, ()),
        ({"content": [{"token": "A"}]}, ()),
        ({"content": [weighed("A"), weighed(7)]}, ()),
        ({"content": [weighed("A", None)]}, ()),
        ({"content": [weighed("A", float("nan"))]}, ()),
        ({"content": [weighed("A")]}, (("A", {"A": -0.1}),)),
        ({"content": [weighed("A", top_logprobs="none")]}, (("A", {"A": -0.1}),)),
        (
            {"content": [weighed("A", top_logprobs=[weighed("B", -2), weighed("A"), {"token": None}])]},
            (("A", {"B": -2.0, "A": -0.1}),),
        ),
        ({"content": [weighed(str(number)) for number in range(100)]}, 64),
    ],
)
def test_log_probabilities_of_any_shape_leave_the_reply_as_it_is(logprobs, tokens):
    choice = {"message": {"content": "A"}, "logprobs": logprobs}

    completion = read_completion(json.dumps({"choices": [choice]}).encode(), kept=storable, latency_ms=1)

    assert "A" == completion.text
    assert tokens == (len(completion.tokens) if isinstance(tokens, int) else completion.tokens)


@pytest.mark.parametrize(
    ("faults", "failure"),
    [
        (Faults(rate_limited=1.0), RateLimited),
        (Faults(server_error=1.0), Unavailable),
        (Faults(half_json=1.0), Unavailable),
        (Faults(empty_choice=1.0), Unavailable),
        (Faults(timed_out=1.0, hang_seconds=30), TimedOut),
    ],
)
def test_each_planted_fault_is_a_passing_one_of_its_own_kind(faults, failure):
    with running_simulator(Options(faults=faults)) as simulator, pytest.raises(failure):
        ask(simulator.base_url, deadline=0.5)


def test_a_429_says_how_long_to_stay_away():
    slow_down = Options(faults=Faults(rate_limited=1.0, retry_after_seconds=7))

    with running_simulator(slow_down) as simulator, pytest.raises(RateLimited) as told:
        ask(simulator.base_url)

    assert 7.0 == told.value.retry_after


def test_a_wrong_key_and_an_unknown_model_are_lasting():
    with running_simulator(Options(api_key="sk-right")) as simulator:
        with pytest.raises(Refused, match="key"):
            ask(simulator.base_url)
        with pytest.raises(Refused, match="model"):
            ask(simulator.base_url, model="nobody", key="sk-right")


def test_a_closed_port_is_unavailable_and_not_a_time_out():
    with pytest.raises(Unavailable, match="could not be reached"):
        ask("http://127.0.0.1:9/v1")


def test_loopback_is_forbidden_unless_it_is_on_the_allow_list():
    with running_simulator() as simulator:
        with pytest.raises(Forbidden):
            ask(simulator.base_url, allowed=())

        assert 0 == sum(simulator.counts["by_result"].values())


def test_a_redirect_is_not_followed():
    visited = []

    async def send_on(request):
        visited.append(request.path)
        raise web.HTTPTemporaryRedirect("/elsewhere")

    with pytest.raises(BadRequest, match="elsewhere"):
        ask_handler(send_on)

    assert ["/v1/chat/completions"] == visited


def test_an_answer_beyond_the_cap_is_not_read_to_its_end():
    async def flood(request):
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        for _ in range(3 * BODY_CAP // 65536):
            await response.write(b" " * 65536)
        return response

    with pytest.raises(TooLarge, match="2 MiB"):
        ask_handler(flood)


def test_an_answer_that_takes_longer_than_http_clients_wait_by_default_is_heard():
    with running_simulator(Options(latency_seconds=5.5, latency_spread=0)) as simulator:
        assert ask(simulator.base_url, deadline=60).text


def test_a_server_that_drips_ends_at_the_deadline():
    async def drip(request):
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.05)

    with pytest.raises(TimedOut):
        ask_handler(drip, deadline=0.4)


@pytest.mark.parametrize(
    "body",
    [
        "<html>hello</html>",
        "[]",
        "null",
        '{"choices": null}',
        '{"choices": [{}]}',
        '{"choices": [{"message": null}]}',
        "",
        '"text"',
    ],
)
def test_a_200_that_is_no_completion_is_unavailable(body):
    async def answer(request):
        return web.Response(text=body, content_type="application/json")

    with pytest.raises(Unavailable):
        ask_handler(answer)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429, 500, 503])
def test_no_failure_quotes_the_key_even_when_the_endpoint_echoes_it(status):
    async def echo(request):
        return web.json_response({"error": {"message": f"bad key {request.headers['Authorization']}"}}, status=status)

    with pytest.raises(Exception) as told:
        ask_handler(echo)

    chain = [told.value, told.value.__cause__, Endpoint("http://x", "m", KEY)]
    assert not any(KEY in f"{link}{link!r}" for link in chain)


def test_text_that_no_database_can_hold_is_made_storable():
    # NUL and a lone surrogate are replaced; a proper pair and other scripts stay.
    assert "a\ufffdb\ufffdc తెలుగు 😀" == storable("a\x00b\ud800c తెలుగు 😀")
