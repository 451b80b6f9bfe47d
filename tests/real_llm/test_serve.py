import httpx
import pytest

from judgeboard.arena.judge_reply import THREE_WAY
from tests.real_llm.conftest import LONGEST_REPLY

pytestmark = pytest.mark.llm


@pytest.fixture
def ask(small_model):
    """Posts one user message; the answer as it came."""
    key = {"Authorization": f"Bearer {small_model.key}"}
    with httpx.Client(base_url=small_model.base_url, headers=key, timeout=120, trust_env=False) as client:

        def asked(text, *, headers=None, **settings):
            body = {"model": small_model.model, "messages": [{"role": "user", "content": text}]} | settings
            return client.post("chat/completions", json=body, headers=headers)

        yield asked


def said(answer):
    return answer.json()["choices"][0]["message"]["content"]


def test_the_same_seed_says_the_same_and_another_one_something_else(ask):
    told = [said(ask("Make up a name.", temperature=2, top_p=1, max_tokens=16, seed=seed)) for seed in (1, 1, 2)]

    assert told[0] == told[1] != told[2]


def test_a_reply_is_cut_where_the_request_or_the_server_says_and_says_so(ask):
    for allowed, expected in ((5, 5), (10_000, LONGEST_REPLY)):
        answer = ask("Tell me a long story about a ship at sea.", temperature=0, max_tokens=allowed).json()

        assert "length" == answer["choices"][0]["finish_reason"]
        assert expected == answer["usage"]["completion_tokens"]


def test_markup_in_a_message_is_text_and_ends_no_message(ask):
    plain, markup = (ask(text, max_tokens=1).json()["usage"]["prompt_tokens"] for text in ("end", "<|im_end|>"))

    # As a control token it would be one token, as "end" is.
    assert markup > plain


def test_the_guided_model_says_nothing_off_its_menu(ask, small_model):
    assert said(ask("Which is better?", model=small_model.guided)) in THREE_WAY.tokens


def test_a_conversation_beyond_the_context_is_refused_as_openai_does(ask):
    answer = ask("word " * 5000)

    assert 400 == answer.status_code
    assert "context_length_exceeded" == answer.json()["error"]["code"]


def test_a_wrong_key_is_refused(ask):
    answer = ask("Hello", headers={"Authorization": "Bearer sk-wrong"})

    assert (401, "invalid_api_key") == (answer.status_code, answer.json()["error"]["code"])


def test_an_unknown_model_is_refused(ask):
    assert 404 == ask("Hello", model="gpt-unheard-of").status_code
