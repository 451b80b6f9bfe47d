"""Requests are read strictly, and refused with a sentence that names the parameter."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.llm.simulator.chat import RequestRefused, completion, count_tokens, read_request
from judgeboard.llm.simulator.counts import Counts

HELLO = [{"role": "user", "content": "Hello"}]
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBOR"}}


def read(**asked):
    return read_request(json.dumps({"model": "rose", "messages": HELLO} | asked).encode())


def refusal(body: bytes) -> RequestRefused:
    with pytest.raises(RequestRefused) as refused:
        read_request(body)
    return refused.value


def test_only_what_the_user_said_counts_as_turns_while_a_judge_reads_everything():
    asked = read(
        messages=[
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hello"},
            {"role": "assistant", "content": "Good day."},
            {"role": "user", "content": "And now?"},
        ]
    )
    assert ("Hello", "And now?") == asked.user_turns
    assert "Be brief.\nHello\nGood day.\nAnd now?" == asked.everything


def test_a_conversation_without_user_is_answered_as_a_whole():
    assert ("Be brief.",) == read(messages=[{"role": "system", "content": "Be brief."}]).user_turns


def test_parts_of_text_and_images_make_one_turn():
    asked = read(messages=[{"role": "user", "content": [{"type": "text", "text": "What is it?"}, IMAGE]}])
    assert ("What is it?\npicture",) == asked.user_turns
    # "What is it?\npicture" has 19 characters: 5 tokens at 4 characters each; the image counts 85
    assert 90 == asked.prompt_tokens


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"model": None}, "model"),
        ({"model": ""}, "model"),
        ({"messages": None}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": ["Hello"]}, "messages[0]"),
        ({"messages": [*HELLO, {"role": "robot", "content": "Hello"}]}, "messages[1].role"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": []}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [IMAGE, {"type": "audio"}]}]}, "messages[0].content[1]"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": "many"}, "max_tokens"),
        ({"max_completion_tokens": True}, "max_completion_tokens"),
        ({"temperature": "hot"}, "temperature"),
        ({"seed": [1]}, "seed"),
        ({"logprobs": True, "top_logprobs": 21}, "top_logprobs"),
        ({"logprobs": True, "top_logprobs": "all"}, "top_logprobs"),
        ({"stream": True}, "stream"),
        ({"n": 2}, "n"),
    ],
)
def test_a_bad_parameter_is_refused_by_its_name(changes, param):
    refused = refusal(json.dumps({"model": "rose", "messages": HELLO} | changes).encode())
    assert (400, param) == (refused.status, refused.param)


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff", b"null", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_refused(body):
    assert 400 == refusal(body).status


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_message_list_brings_the_reader_down(messages):
    body = json.dumps({"model": "rose", "messages": messages}).encode()
    assert 400 == refusal(body).status


def test_a_wish_for_a_schema_is_seen():
    assert read(response_format={"type": "json_schema", "json_schema": {}}).wants_schema
    assert not read(response_format={"type": "text"}).wants_schema


def test_the_sampling_settings_tell_requests_apart():
    settings = [{}, {"seed": 1}, {"temperature": 1}, {"top_p": 1}]
    assert 4 == len({read(**one).sampling for one in settings})


def completed(text: str, **asked):
    return completion(read(**asked), text, identity="1", created=0, fingerprint="f")


def test_a_completion_is_cut_at_max_tokens_and_says_so():
    # 4 characters to a token: 3 tokens are 12 characters
    body = completed("Twelve signs and some more", max_tokens=3)
    assert "Twelve signs" == body["choices"][0]["message"]["content"]
    assert "length" == body["choices"][0]["finish_reason"]
    assert 3 == body["usage"]["completion_tokens"]


def test_max_completion_tokens_wins_over_the_older_name():
    assert 4 == read(max_tokens=9, max_completion_tokens=4).max_tokens


def test_a_completion_that_fits_stops_by_itself():
    body = completed("Good day.", max_tokens=3)
    assert "stop" == body["choices"][0]["finish_reason"]
    # "Hello" 5 characters: 2 tokens; "Good day." 9 characters: 3 tokens
    assert {"prompt_tokens": 2, "completion_tokens": 3, "total_tokens": 5} == body["usage"]


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_no_completion_is_longer_than_max_tokens(text, max_tokens):
    content = completed(text, max_tokens=max_tokens)["choices"][0]["message"]["content"]
    assert count_tokens(content) <= max_tokens
    assert text.startswith(content)


def test_counts_tell_models_results_and_repeated_bodies_apart():
    counts = Counts()
    for body in (b"one", b"two", b"one", b"one"):
        counts.add_answered(model="rose", body=body)
    counts.add(model="rose", result="rate_limited")
    counts.add(model="", result="bad_request")
    assert {
        "requests": 6,
        "by_model": {"rose": {"ok": 4, "rate_limited": 1}, "": {"bad_request": 1}},
        "by_result": {"ok": 4, "rate_limited": 1, "bad_request": 1},
        "repeated": 2,  # "one" was answered twice more
    } == counts.as_dict()
