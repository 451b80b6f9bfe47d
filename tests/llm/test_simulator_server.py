"""The simulator over real HTTP, asked by the real OpenAI client."""

import asyncio
import json
import math
from collections.abc import Awaitable, Callable
from typing import Any

import openai
import pytest
from aiohttp import ClientSession

from judgeboard.llm.simulator import Cast, Faults, LogProbabilities, Options, ResponseFormat, running_simulator

HELLO = [{"role": "user", "content": "How does a kettle know that the water boils?"}]
SCHEMA = {"type": "json_schema", "json_schema": {"name": "verdict", "schema": {"type": "object"}}}
JUDGE_PROMPT = [
    {"role": "system", "content": "Compare the answers."},
    {
        "role": "user",
        "content": "\n".join(
            f"<<<BEGIN {label} 00ff>>>\n{text}\n<<<END {label} 00ff>>>"
            for label, text in (
                ("QUESTION", "Why?"),
                ("ANSWER A", "The reason is simple: without steam the switch has nothing to stand on."),
                ("ANSWER B", "It goes without saying that steam is what it is."),
            )
        ),
    },
]


def asked(base_url: str, ask: Callable[[openai.AsyncOpenAI], Awaitable[Any]], *, key: str = "any", timeout: float = 10):
    async def run() -> Any:
        async with openai.AsyncOpenAI(base_url=base_url, api_key=key, max_retries=0, timeout=timeout) as client:
            return await ask(client)

    return asyncio.run(run())


def complete(base_url: str, *, key: str = "any", timeout: float = 10, **changes):
    request = {"model": "sim-elm", "messages": HELLO} | changes
    return asked(base_url, lambda client: client.chat.completions.create(**request), key=key, timeout=timeout)


def fetch(url: str, *, method: str = "GET", data: bytes | None = None) -> tuple[int, str, str]:
    """Status, content type and text."""

    async def run() -> tuple[int, str, str]:
        async with ClientSession() as session, session.request(method, url, data=data) as response:
            return response.status, response.content_type, await response.text()

    return asyncio.run(run())


def fetch_json(url: str, **request) -> tuple[int, Any]:
    status, _, text = fetch(url, **request)
    return status, json.loads(text)


@pytest.fixture(scope="module")
def base_url():
    with running_simulator() as simulator:
        yield simulator.base_url


def root(base_url: str) -> str:
    return base_url.removesuffix("/v1")


def test_a_contender_answers_the_openai_client(base_url):
    completion = complete(base_url)
    assert "sim-elm" == completion.model
    assert "stop" == completion.choices[0].finish_reason
    assert completion.choices[0].message.content.endswith(".")
    assert completion.system_fingerprint.startswith("sim_")
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens


def test_a_second_simulator_with_the_same_seed_answers_alike_and_one_with_another_seed_differs(base_url):
    usual = complete(base_url).choices[0].message.content
    with running_simulator() as same, running_simulator(Options(seed=1)) as other:
        assert usual == complete(same.base_url).choices[0].message.content
        assert usual != complete(other.base_url).choices[0].message.content


@pytest.mark.parametrize("model", ["sim-judge-oak", "sim-judge-pine", "sim-person-01", "sim-person-24"])
def test_judges_and_people_reply_with_a_verdict_in_the_last_line(base_url, model):
    text = complete(base_url, model=model, messages=JUDGE_PROMPT).choices[0].message.content
    assert text.splitlines()[-1] in ("[[A]]", "[[B]]", "[[TIE]]", "[[BOTH_BAD]]")


def test_a_judge_that_is_cut_short_gives_no_verdict(base_url):
    choice = complete(base_url, model="sim-judge-oak", messages=JUDGE_PROMPT, max_tokens=5).choices[0]
    assert "length" == choice.finish_reason
    assert "[[" not in choice.message.content


def test_a_judge_asked_something_else_says_politely_that_it_cannot_compare(base_url):
    assert "[[" not in complete(base_url, model="sim-judge-oak").choices[0].message.content


def test_all_models_are_listed_with_their_families(base_url):
    async def names(client: openai.AsyncOpenAI) -> dict[str, str]:
        return {model.id: model.owned_by async for model in client.models.list()}

    listed = asked(base_url, names)
    assert list(Cast().by_name()) == list(listed)
    assert "sim-grove" == listed["sim-elm"]


def test_the_truth_is_told_beside_the_api_only(base_url):
    status, truth = fetch_json(f"{root(base_url)}/simulator/truth")
    assert 200 == status
    assert {"seed": 0, **json.loads(json.dumps(Cast().truth()))} == truth
    assert 1220 == truth["skill"]["sim-ginkgo"]


def test_an_unknown_model_is_not_found(base_url):
    with pytest.raises(openai.NotFoundError) as refused:
        complete(base_url, model="sim-nobody")
    assert "model_not_found" == refused.value.code
    assert "sim-nobody" in refused.value.message


def test_a_malformed_request_is_a_bad_request_that_names_the_parameter(base_url):
    with pytest.raises(openai.BadRequestError) as refused:
        complete(base_url, messages=[])
    assert "messages" == refused.value.param
    assert "invalid_request_error" == refused.value.type


@pytest.mark.parametrize(
    ("path", "request_", "status"),
    [
        ("/v1/chat/completions", {"method": "POST", "data": b"{half"}, 400),
        ("/v1/chat/completions", {"method": "POST", "data": b" " * (17 * 2**20)}, 413),
        ("/v1/chat/completions", {"method": "GET"}, 405),
        ("/v1/embeddings", {"method": "POST"}, 404),
    ],
    ids=["half a body", "too large", "wrong method", "unknown path"],
)
def test_whatever_is_refused_is_refused_in_the_openai_shape(base_url, path, request_, status):
    seen, body = fetch_json(root(base_url) + path, **request_)
    assert status == seen
    assert {"message", "type", "param", "code"} == set(body["error"])


def test_a_json_schema_is_refused_as_unsupported(base_url):
    with pytest.raises(openai.BadRequestError, match="unsupported") as refused:
        complete(base_url, model="sim-judge-oak", messages=JUDGE_PROMPT, response_format=SCHEMA)
    assert "response_format" == refused.value.param


def test_a_json_schema_can_be_ignored_instead():
    with running_simulator(Options(response_format=ResponseFormat.IGNORED)) as simulator:
        completion = complete(simulator.base_url, model="sim-judge-oak", messages=JUDGE_PROMPT, response_format=SCHEMA)
    assert completion.choices[0].message.content.endswith("]]")


def test_log_probabilities_tell_the_planted_chances_where_the_verdict_stands(base_url):
    asked = {"model": "sim-judge-oak", "messages": JUDGE_PROMPT, "logprobs": True, "top_logprobs": 3}
    choice = complete(base_url, **asked).choices[0]

    tokens = choice.logprobs.content
    *_, verdict, close = tokens
    assert choice.message.content == "".join(token.token for token in tokens)
    assert "]]" == close.token
    assert verdict.token in {told.token for told in verdict.top_logprobs} <= {"A", "B", "TIE"}
    assert pytest.approx(1) == sum(math.exp(told.logprob) for told in verdict.top_logprobs)
    assert {3} == {len(token.top_logprobs) for token in tokens[:-2]}


def test_log_probabilities_come_only_when_asked_for_and_can_be_ignored_or_refused(base_url):
    asked = {"model": "sim-judge-oak", "messages": JUDGE_PROMPT, "logprobs": True}
    assert complete(base_url, model="sim-judge-oak", messages=JUDGE_PROMPT).choices[0].logprobs is None
    with running_simulator(Options(log_probabilities=LogProbabilities.IGNORED)) as simulator:
        assert complete(simulator.base_url, **asked).choices[0].logprobs is None
    refuses = running_simulator(Options(log_probabilities=LogProbabilities.REFUSED))
    with refuses as simulator, pytest.raises(openai.BadRequestError, match="unsupported") as refused:
        complete(simulator.base_url, **asked)
    assert "logprobs" == refused.value.param


def test_a_key_is_asked_for_where_one_is_set():
    with running_simulator(Options(api_key="sésame")) as simulator:
        with pytest.raises(openai.AuthenticationError) as refused:
            complete(simulator.base_url, key="open")
        with pytest.raises(openai.AuthenticationError):
            asked(simulator.base_url, lambda client: client.models.list(), key="open")
        assert "invalid_api_key" == refused.value.code
        assert {"unauthorized": 1} == simulator.counts["by_result"]


def test_the_right_key_opens():
    with running_simulator(Options(api_key="sesame")) as simulator:
        assert complete(simulator.base_url, key="sesame").choices


# --- faults


def test_rate_limits_tell_when_to_come_back():
    faulty = Options(faults=Faults(rate_limited=1, retry_after_seconds=7))
    with running_simulator(faulty) as simulator, pytest.raises(openai.RateLimitError) as limited:
        complete(simulator.base_url)
    assert "7" == limited.value.response.headers["Retry-After"]
    assert "rate_limit_exceeded" == limited.value.code


def test_a_server_error_is_an_internal_server_error():
    faulty = Options(faults=Faults(server_error=1))
    with running_simulator(faulty) as simulator, pytest.raises(openai.InternalServerError) as failed:
        complete(simulator.base_url)
    assert 500 == failed.value.status_code


def test_a_time_out_outlasts_an_impatient_client():
    with running_simulator(Options(faults=Faults(timed_out=1, hang_seconds=60))) as simulator:
        with pytest.raises(openai.APITimeoutError):
            complete(simulator.base_url, timeout=0.2)
        assert {"timed_out": 1} == simulator.counts["by_result"]


def test_a_time_out_ends_as_a_gateway_time_out_for_a_patient_client():
    faulty = Options(faults=Faults(timed_out=1, hang_seconds=0.05))
    with running_simulator(faulty) as simulator, pytest.raises(openai.InternalServerError) as failed:
        complete(simulator.base_url)
    assert 504 == failed.value.status_code


def test_half_json_arrives_as_a_success_that_cannot_be_read():
    with running_simulator(Options(faults=Faults(half_json=1))) as simulator:
        body = json.dumps({"model": "sim-elm", "messages": HELLO}).encode()
        status, content_type, text = fetch(f"{simulator.base_url}/chat/completions", method="POST", data=body)
        with pytest.raises((json.JSONDecodeError, openai.APIError)):
            complete(simulator.base_url)
    assert (200, "application/json") == (status, content_type)
    assert text.startswith('{"id": "chatcmpl-')
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)


def test_an_empty_choice_is_a_success_without_choices():
    with running_simulator(Options(faults=Faults(empty_choice=1))) as simulator:
        assert [] == complete(simulator.base_url).choices


def test_faults_leave_the_list_of_models_alone():
    with running_simulator(Options(faults=Faults(server_error=1))) as simulator:
        assert asked(simulator.base_url, lambda client: client.models.list()).data


def test_refused_requests_do_not_use_up_the_fault_of_another():
    # Request 1 is refused before faults are drawn; request 2 meets the fault of number 2 either way.
    faults = Faults(server_error=0.5)
    expected = [faults.drawn(seed=3, number=number) for number in range(2, 12)]
    with running_simulator(Options(seed=3, faults=faults)) as simulator:
        with pytest.raises(openai.NotFoundError):
            complete(simulator.base_url, model="sim-nobody")
        seen = [_result(simulator.base_url) for _ in expected]
    assert [fault.value if fault else "ok" for fault in expected] == seen


def _result(base_url: str) -> str:
    try:
        complete(base_url)
    except openai.InternalServerError:
        return "server_error"
    return "ok"


# --- counts and latency


def test_calls_are_counted_by_model_and_result_and_repeated_ones_apart():
    with running_simulator() as simulator:
        complete(simulator.base_url)
        complete(simulator.base_url)
        complete(simulator.base_url, model="sim-fern")
        with pytest.raises(openai.NotFoundError):
            complete(simulator.base_url, model="sim-nobody")
        status, counts = fetch_json(f"{root(simulator.base_url)}/simulator/counts")
    assert 200 == status
    assert counts == simulator.counts
    assert {
        "requests": 4,
        "by_model": {"sim-elm": {"ok": 2}, "sim-fern": {"ok": 1}, "": {"not_found": 1}},
        "by_result": {"ok": 3, "not_found": 1},
        "repeated": 1,
    } == counts


def test_latency_is_waited_for():
    # Log-normal around 20 s: the smallest of any draws in reach is far beyond the client's 0.3 s.
    with running_simulator(Options(latency_seconds=20)) as simulator, pytest.raises(openai.APITimeoutError):
        complete(simulator.base_url, timeout=0.3)


def test_many_calls_at_once_are_all_answered():
    async def ask_all(client: openai.AsyncOpenAI) -> list[str]:
        calls = [
            client.chat.completions.create(model="sim-elm", messages=[{"role": "user", "content": f"Kettle {n}?"}])
            for n in range(40)
        ]
        return [completion.choices[0].message.content for completion in await asyncio.gather(*calls)]

    with running_simulator(Options(latency_seconds=0.01)) as simulator:
        assert all(asked(simulator.base_url, ask_all))
        assert {"ok": 40} == simulator.counts["by_result"]
