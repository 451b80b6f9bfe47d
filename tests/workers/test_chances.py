"""How sure judges were, through a whole drain: where the endpoint tells log-probabilities, and where it does not."""

import math
from decimal import Decimal

import pytest
from aiohttp import web
from django.utils import timezone

from apps.budgets.models import Budget
from apps.budgets.price import Price
from apps.endpoints.models import Endpoint, EndpointCheck
from apps.endpoints.operations import want_check, write_price
from apps.judging.models import Judge, Judgment, Score
from apps.leases.models import Leased
from judgeboard.llm.guard import BODY_CAP
from judgeboard.llm.simulator import LogProbabilities, Options, ResponseFormat, running_simulator
from tests import stage
from tests.workers.lanes import drain_once, drain_until_final, judge_at, planned_run
from tests.workers.scripted import json_body, scripted
from workers.steps.bounds import most_tokens
from workers.steps.judge_match import JudgeMatch

pytestmark = pytest.mark.django_db

Status = Leased.Status


def checked(judge, **abilities):
    """As a check leaves it that found the judge's endpoint to offer these."""
    found = {"log_probabilities": True} | abilities
    EndpointCheck.objects.create(endpoint=judge.endpoint, status=Status.DONE, answered_at=timezone.now(), **found)


def saying(*tokens):
    """A completion of these tokens, each with the chances of what could have stood there."""
    content = [
        {"token": text, "logprob": math.log(chances[text]), "top_logprobs": [weighed(*one) for one in chances.items()]}
        for text, chances in tokens
    ]
    text = "".join(text for text, _ in tokens)
    return json_body("", choices=[{"message": {"content": text}, "logprobs": {"content": content}}])


def weighed(text, chance):
    return {"token": text, "logprob": math.log(chance)}


def certain(text):
    return text, {text: 1.0}


A_AT_NINETY = (certain("Hm.\n"), certain("[["), ("A", {"A": 0.72, "B": 0.08, "x": 0.1}), certain("]]"))


def judged(say, *orders, protocol="pairwise-1", **abilities):
    """The judgments of one match in these orders, after a drain, and what the endpoint was asked."""
    (match,) = stage.matches(1)
    with scripted(say) as endpoint:
        judge = judge_at(endpoint.base_url, "scripted")
        checked(judge, **abilities)
        Judge.objects.update(protocol=protocol)
        for order in orders:
            Judgment.objects.create(judge=judge, match=match, order=order)
        drain_once(judge.endpoint)
    return list(Judgment.objects.order_by("pk")), endpoint.asked


def test_the_chances_are_kept_as_told_from_side_a_in_both_orders():
    judgments, asked = judged(lambda asked: saying(*A_AT_NINETY), "ab", "ba")

    # .72 and .08 of .8: A is side a where it is shown first, and side b where that one is
    assert [(True, 5)] * 2 == [(body["logprobs"], body["top_logprobs"]) for body in asked]
    assert [("model_a", 0.9), ("model_b", 0.9)] == [(row.outcome, pytest.approx(row.sureness)) for row in judgments]
    assert pytest.approx({"model_a": 0.9, "model_b": 0.1}) == judgments[0].chances
    assert pytest.approx({"model_a": 0.1, "model_b": 0.9}) == judgments[1].chances


def test_an_endpoint_that_was_not_found_to_tell_them_is_not_asked_for_them():
    (judgment,), asked = judged(lambda asked: saying(*A_AT_NINETY), "ab", log_probabilities=None)

    assert "logprobs" not in asked[0]
    # What is told unasked is taken all the same.
    assert pytest.approx(0.9) == judgment.sureness


def test_one_that_keeps_them_to_itself_leaves_the_chances_empty():
    (judgment,), asked = judged(lambda asked: "Hm.\n[[A]]", "ab")

    assert asked[0]["logprobs"]
    assert (Status.DONE, "model_a", None) == (judgment.status, judgment.outcome, judgment.chances)


def test_one_that_refuses_them_after_all_is_asked_without():
    refuse = web.Response(status=400)
    (judgment,), asked = judged(lambda asked: refuse if "logprobs" in asked else "Hm.\n[[B]]", "ab")

    assert (Status.DONE, "model_b", None, 2) == (
        judgment.status, judgment.outcome, judgment.chances, judgment.calls,
    )  # fmt: skip
    assert [True, False] == ["logprobs" in body for body in asked]


def test_a_schema_outlasts_log_probabilities_that_are_refused():
    said = '{"reason": "Hm.", "verdict": "[[A]]"}'
    refuse = web.Response(status=400)
    (judgment,), asked = judged(lambda asked: refuse if "logprobs" in asked else said, "ab", structured=True)

    assert ("model_a", "Hm.") == (judgment.outcome, judgment.reason)
    assert [(True, True), (True, False)] == [("response_format" in body, "logprobs" in body) for body in asked]


def too_large_with_them(asked):
    return json_body("x" * (BODY_CAP + 1)) if "logprobs" in asked else "Hm.\n[[A]]"


def test_a_reply_that_they_make_too_large_is_asked_for_without():
    (judgment,), asked = judged(too_large_with_them, "ab")

    assert (Status.DONE, "model_a", None, 2) == (
        judgment.status, judgment.outcome, judgment.chances, judgment.calls,
    )  # fmt: skip
    assert [True, False] == ["logprobs" in body for body in asked]


def test_the_reply_that_was_too_large_is_paid_for_and_within_what_was_reserved():
    (match,) = stage.matches(1)
    with scripted(too_large_with_them) as endpoint:
        judge = judge_at(endpoint.base_url, "scripted")
        checked(judge)
        write_price(endpoint=judge.endpoint, price=Price(Decimal(1), Decimal(10)), source="a page")
        budget = Budget.objects.create(cap=Decimal(10))
        judgment = Judgment.objects.create(judge=judge, match=match, order="ab", payer=budget)
        (question,) = JudgeMatch().load([judgment.pk])
        drain_once(judge.endpoint)
    judgment.refresh_from_db()

    once = Price(Decimal(1), Decimal(10)).of(most_tokens(question.request))
    # the reply that was not read at its bound, and one token read and written each of the other
    assert once + Decimal("0.000011") == judgment.usd
    assert judgment.usd < Price(Decimal(1), Decimal(10)).of(question.at_most())
    # it read and wrote once more than a judge that is not asked for them, which may be reminded
    assert question.at_most().written == 3 * judge.max_tokens


def test_a_judge_that_had_to_be_reminded_is_asked_in_plain_words_and_its_chances_stay_empty():
    replies = [saying(certain("Both try.")), "[[TIE]]"]
    (judgment,), asked = judged(lambda asked: replies[len(asked["messages"]) > 2], "ab")

    assert ("tie", None, [True, False]) == (
        judgment.outcome, judgment.chances, ["logprobs" in body for body in asked],
    )  # fmt: skip


def test_a_reply_without_a_verdict_has_no_chances():
    (judgment,), _ = judged(lambda asked: saying(certain("Both try.")), "ab")

    assert (Status.UNUSABLE, None) == (judgment.status, judgment.chances)


def test_a_score_tells_what_is_to_be_expected():
    (match,) = stage.matches(1)
    number = ("80", {"80": 0.5, "90": 0.25, "60": 0.25})
    with scripted(lambda asked: saying(certain("Fine.\n"), certain("[["), number, certain("]]"))) as endpoint:
        judge = judge_at(endpoint.base_url, "scripted")
        checked(judge)
        Judge.objects.update(protocol="pointwise-100")
        Score.objects.create(judge=judge, output=match.output_a, turn=1)
        drain_once(judge.endpoint)

    score = Score.objects.get()
    assert (80, pytest.approx({"80": 0.5, "90": 0.25, "60": 0.25})) == (score.score, score.chances)
    # 40 + 22.5 + 15
    assert pytest.approx(77.5) == score.expected_score


def test_replies_that_were_given_without_log_probabilities_are_still_recalled():
    first, second = stage.matches(2)
    first.prompt.messages = second.prompt.messages
    first.prompt.save()
    with scripted(lambda asked: "Hm.\n[[A]]") as endpoint:
        judge = judge_at(endpoint.base_url, "scripted")
        Judgment.objects.create(judge=judge, match=first, order="ab")
        drain_once(judge.endpoint)
        checked(judge, structured=True)
        Judgment.objects.create(judge=judge, match=second, order="ab")
        drain_once(judge.endpoint)

    assert 1 == len(endpoint.asked)
    assert [("model_a", 1), ("model_a", 0)] == list(Judgment.objects.order_by("pk").values_list("outcome", "calls"))


def test_recalled_chances_turn_with_the_sides():
    (match, other), judge = stage.matches(2), stage.judge()
    said = stage.judgment(judge, match, "ab", "model_a", chances={"model_a": 0.7, "model_b": 0.2, "tie": 0.1})
    same, turned = (Judgment(judge=judge, match=other, order=order) for order in ("ab", "ba"))

    assert said.chances == same.repeated(said)["chances"]
    assert {"model_b": 0.7, "model_a": 0.2, "tie": 0.1} == turned.repeated(said)["chances"]
    assert turned.repeated(stage.judgment(judge, other, "ab"))["chances"] is None
    assert {"80": 1.0} == Score().repeated(Score(score=80, chances={"80": 1.0}))["chances"]


@pytest.mark.parametrize("schemas", [ResponseFormat.OBEYED, ResponseFormat.REFUSED])
@pytest.mark.parametrize(("wish", "told"), [(LogProbabilities.TOLD, True), (LogProbabilities.REFUSED, False)])
@pytest.mark.parametrize("protocol", ["pairwise-1", "pairwise-5", "own-answer-first"])
def test_a_run_against_the_simulator_with_and_without(wish, told, schemas, protocol):
    with running_simulator(Options(log_probabilities=wish, response_format=schemas)) as simulator:
        planned_run(simulator, contenders=2, prompts=3)
        Judge.objects.update(protocol=protocol)
        drain_once(want_check(endpoint=Judge.objects.get().endpoint).endpoint)  # before there is anything to judge
        drain_until_final(*Endpoint.objects.all())

    judgments = Judgment.objects.done()
    assert 6 == judgments.count()
    assert {1} == set(judgments.values_list("calls", flat=True))  # the check knew what would be refused
    assert {told} == {row.chances is not None for row in judgments}
    if told:
        assert all(pytest.approx(1) == sum(row.chances.values()) and row.sureness > 0 for row in judgments)
