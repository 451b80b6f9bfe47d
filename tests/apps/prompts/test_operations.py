import pytest

from apps.prompts.builtin import BUILTIN_SETS
from apps.prompts.messages import MalformedPrompt, plain_text
from apps.prompts.models import Prompt, PromptSet
from apps.prompts.operations import (
    PromptSetIsFrozen,
    add_prompts,
    create_prompt_set,
    ensure_builtin_set,
    freeze_prompt_set,
    make_next_version,
)

pytestmark = pytest.mark.django_db

HELLO = {
    "key": "hello-01",
    "category": "languages",
    "language": "te",
    "messages": [{"role": "user", "content": "నమస్తే"}],
}


def test_a_taken_slug_makes_the_next_version():
    first = create_prompt_set(slug="mine", title="Mine")
    second = create_prompt_set(slug="mine", title="Mine")

    assert (1, 2) == (first.version, second.version)


def test_prompts_keep_their_script_their_language_and_their_order():
    mine = create_prompt_set(slug="mine", title="Mine")
    add_prompts(prompt_set=mine, rows=[HELLO | {"key": "z"}, HELLO | {"key": "a"}])

    assert ["z", "a"] == list(mine.prompts.values_list("key", flat=True))
    assert ("te", "నమస్తే") == (mine.prompts.first().language, mine.prompts.first().messages[0]["content"])


def test_a_key_that_is_there_already_is_left_as_it_is():
    mine = create_prompt_set(slug="mine", title="Mine")
    add_prompts(prompt_set=mine, rows=[HELLO])

    assert 0 == add_prompts(prompt_set=mine, rows=[HELLO | {"language": "ko"}])
    assert "te" == mine.prompts.get().language


def test_a_malformed_prompt_names_its_key_and_adds_nothing():
    mine = create_prompt_set(slug="mine", title="Mine")

    with pytest.raises(MalformedPrompt, match="prompt bad-01: message 1 is empty"):
        add_prompts(prompt_set=mine, rows=[HELLO, {"key": "bad-01", "messages": [{"role": "user", "content": " "}]}])

    assert 0 == Prompt.objects.count()


@pytest.mark.parametrize(
    ("messages", "sentence"),
    [
        ([], "at least one user message"),
        ("hello", "must be a list"),
        ([{"role": "user"}], "role and content"),
        ([{"role": "assistant", "content": "x"}], "'assistant'"),
        ([{"role": "user", "content": "x"}, {"role": "system", "content": "y"}], "only stand first"),
        ([{"role": "system", "content": "y"}], "no user message"),
        ([{"role": "user", "content": [{"type": "video"}]}], "neither text nor image_url"),
        ([{"role": "user", "content": [{"type": ["text"]}]}], "neither text nor image_url"),
        ([{"role": "user", "content": [{"type": "text", "text": 5}]}], "neither text nor image_url"),
        ([{"role": "user", "content": [{"type": "image_url", "image_url": {"url": 5}}]}], "not a data:image/ URI"),
        (
            [{"role": "user", "content": [{"type": "text", "text": "x", "weight": float("inf")}]}],
            "a number that is not finite",
        ),
        (
            [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}]}],
            "remote images are not fetched",
        ),
    ],
)
def test_each_way_of_being_malformed_has_its_sentence(messages, sentence):
    mine = create_prompt_set(slug="mine", title="Mine")

    with pytest.raises(MalformedPrompt, match=sentence):
        add_prompts(prompt_set=mine, rows=[{"key": "bad-01", "messages": messages}])


def test_what_no_database_can_keep_is_refused_by_name():
    mine = create_prompt_set(slug="mine", title="Mine")

    with pytest.raises(MalformedPrompt, match="prompt bad-01: it holds a NUL character"):
        add_prompts(prompt_set=mine, rows=[{"key": "bad-01", "messages": [{"role": "user", "content": "a\0b"}]}])


def test_a_category_may_be_named_in_any_script():
    mine = create_prompt_set(slug="mine", title="Mine")
    add_prompts(prompt_set=mine, rows=[HELLO | {"category": "한국어"}])

    assert ("한국어", "한국어") == (mine.prompts.get().category.slug, mine.prompts.get().category.name)


def test_a_reference_has_one_text_for_each_turn():
    mine = create_prompt_set(slug="mine", title="Mine")

    with pytest.raises(MalformedPrompt, match="2 texts for 1 user turns"):
        add_prompts(prompt_set=mine, rows=[HELLO | {"reference": ["a", "b"]}])


def test_a_frozen_version_does_not_change_and_its_copy_does(now):
    mine = create_prompt_set(slug="mine", title="Mine")
    add_prompts(prompt_set=mine, rows=[HELLO])
    freeze_prompt_set(prompt_set=mine, now=now)

    with pytest.raises(PromptSetIsFrozen):
        add_prompts(prompt_set=mine, rows=[HELLO | {"key": "hello-02"}])
    copy = make_next_version(prompt_set=mine)

    assert 1 == add_prompts(prompt_set=copy, rows=[HELLO | {"key": "hello-02"}])
    assert (1, 2) == (mine.prompts.count(), copy.prompts.count())


def test_freezing_twice_keeps_the_first_date(now):
    mine = create_prompt_set(slug="mine", title="Mine")
    freeze_prompt_set(prompt_set=mine, now=now)
    freeze_prompt_set(prompt_set=mine, now=now.replace(year=now.year + 1))

    assert now == mine.frozen_at


@pytest.mark.parametrize("slug", sorted(BUILTIN_SETS))
def test_each_built_in_set_is_loaded_once(slug):
    first = ensure_builtin_set(slug=slug)
    again = ensure_builtin_set(slug=slug)

    assert first == again
    assert len(list(BUILTIN_SETS[slug].rows())) == first.prompts.count()


def test_an_unknown_set_is_not_made_up():
    with pytest.raises(KeyError):
        ensure_builtin_set(slug="nobody-knows")
    assert 0 == PromptSet.objects.count()


def test_the_text_of_a_picture_prompt_names_the_picture():
    content = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": "data:image/png,"}},
    ]

    assert "What is this?\n\n[image]" == plain_text(content)
