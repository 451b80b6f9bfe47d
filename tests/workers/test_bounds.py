"""What a question may take at most is what its longest possible conversation takes."""

import pytest

from apps.budgets.price import Tokens
from apps.contenders.models import Output
from apps.contenders.operations import want_outputs
from apps.judging.models import Judgment
from judgeboard.llm.client import Request
from tests import stage
from tests.workers.lanes import contender_at, drain_once, judge_at
from tests.workers.scripted import scripted
from workers.steps.bounds import most_read, most_tokens
from workers.steps.generate_output import GenerateOutput
from workers.steps.judge_match import JudgeMatch

pytestmark = pytest.mark.django_db

MAX_TOKENS = 300
LONGEST = "y" * (2 * MAX_TOKENS)  # bytes: a reply of that many tokens, as we reckon


def taken(asked) -> Tokens:
    """By all calls together, each at its bound."""
    total = Tokens(0, 0)
    for body in asked:
        total = total.and_also(most_tokens(Request(body["messages"], max_tokens=body["max_tokens"])))
    return total


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_an_output_takes_its_turns_with_the_replies_before_them(turns):
    with scripted(lambda asked: LONGEST) as endpoint:
        contender = contender_at(endpoint.base_url, "scripted")
        contender.max_tokens, contender.system_prompt = MAX_TOKENS, "Be brief."
        contender.save()
        want_outputs(contenders=[contender], prompts=stage.prompt_set(turns=turns).prompts.all())
        (question,) = GenerateOutput().load([Output.objects.get().pk])
        drain_once(contender.endpoint)

    assert turns == len(endpoint.asked)
    assert question.at_most() == taken(endpoint.asked)


def test_a_judgment_takes_two_calls_for_the_judge_may_have_to_be_reminded():
    (match,) = stage.matches(1)
    with scripted(lambda asked: LONGEST) as endpoint:
        judge = judge_at(endpoint.base_url, "scripted")
        judge.max_tokens = MAX_TOKENS
        judge.save()
        judgment = Judgment.objects.create(judge=judge, match=match, order="ab")
        (question,) = JudgeMatch().load([judgment.pk])
        drain_once(judge.endpoint)

    assert 2 == len(endpoint.asked)
    assert question.at_most() == taken(endpoint.asked)


def test_a_picture_counts_as_the_text_that_is_sent():
    part = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 1000}}

    assert most_read([{"role": "user", "content": [part]}]) > 500
    # 16 tokens around it, and two bytes of UTF-8 a letter: 3 letters, 3 tokens.
    assert 16 + 3 == most_read([{"role": "user", "content": "äöü"}])
