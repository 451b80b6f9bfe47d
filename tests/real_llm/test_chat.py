import json

import pytest

from tests.real_llm.chat import SYSTEM, TEMPERATURE, TOP_P, Unanswerable, read_chat

HELLO = {"model": "small", "messages": [{"role": "user", "content": "Hello"}]}


def read(**changes):
    return read_chat(json.dumps(HELLO | changes).encode(), served=["small"])


def test_a_silent_request_gets_the_models_own_settings_and_system_message():
    chat = read()

    assert (("system", SYSTEM), ("user", "Hello")) == chat.messages
    assert (TEMPERATURE, TOP_P, None) == (chat.temperature, chat.top_p, chat.max_tokens)


def test_what_a_request_says_holds():
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}]
    chat = read(messages=messages, temperature=0, top_p=1, max_tokens=5, seed=7, stream=False, n=1)

    assert (("system", "Be brief."), ("user", "Hello")) == chat.messages
    assert (0, 1, 5, 7) == (chat.temperature, chat.top_p, chat.max_tokens, chat.seed)


def test_without_a_seed_the_same_request_draws_alike_and_another_request_otherwise():
    assert read().seed == read().seed
    assert read().seed != read(temperature=1).seed


def test_text_parts_are_one_text():
    parts = [{"type": "text", "text": "Hello"}, {"type": "text", "text": "again"}]

    assert ("user", "Hello\n\nagain") == read(messages=[{"role": "user", "content": parts}]).messages[-1]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"model": "large"}, "There is no model 'large'"),
        ({"messages": []}, "at least one message"),
        ({"messages": [{"role": "judge", "content": "Hello"}]}, r"messages\[0\] must have one of the roles"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "sees no images"),
        ({"temperature": 2.1}, "temperature must be a number from 0 to 2"),
        ({"temperature": True}, "temperature must be a number"),
        ({"top_p": "most"}, "top_p must be a number from 0 to 1"),
        ({"max_tokens": 0}, "max_tokens must be a whole number from 1 on"),
        ({"seed": 1.5}, "seed must be a whole number"),
        ({"stream": True}, "stream is not supported"),
        ({"n": 2}, "n is not supported"),
        ({"response_format": {"type": "json_object"}}, "response_format is not supported"),
    ],
)
def test_what_is_not_understood_is_said(changes, sentence):
    with pytest.raises(Unanswerable, match=sentence) as refusal:
        read(**changes)

    assert str(refusal.value) == refusal.value.as_json()["error"]["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
def test_what_is_no_json_object_is_refused(body):
    with pytest.raises(Unanswerable, match="JSON"):
        read_chat(body, served=["small"])
