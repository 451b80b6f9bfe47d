"""What the plan counts is what a run then writes."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from apps.contenders.models import Output
from apps.judging.models import Judgment, Score
from apps.matches.models import Match
from apps.ratings.models import Board
from apps.runs.operations import plan_run, submit_contender
from apps.runs.plan import Plan, offer, open_boards, submission_plan
from tests import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def mary():
    return User.objects.create_user("mary")


def plan_of(**chosen) -> Plan:
    return submission_plan(board=stage.board(slug="planned"), **chosen)


def opponents(size, **card):
    return [stage.contender(f"Model {n}", endpoint=True, **card) for n in range(size)]


def test_every_opponent_on_every_prompt_in_both_orders_by_every_judge():
    sets = [stage.prompt_set("everyday", size=3), stage.prompt_set("riddles", size=2)]

    plan = plan_of(prompt_sets=sets, opponents=opponents(4), judges=[stage.judge("x"), stage.judge("y")])

    # 5 prompts x 4 opponents = 20 matches, x 2 orders x 2 judges = 80 calls; no opponent has answered: 5 x 4 missing.
    assert Plan(prompts=5, opponents=4, outputs=5, missing_outputs=20, matches=20, judge_calls=80) == plan


def test_a_sample_takes_so_many_opponents_a_prompt():
    plan = plan_of(
        prompt_sets=[stage.prompt_set(size=6)], opponents=opponents(5), judges=[stage.judge()], pairs_per_prompt=2
    )

    assert (12, 24) == (plan.matches, plan.judge_calls)


def test_a_judge_of_the_newcomers_family_is_not_asked_at_all():
    chosen = {"prompt_sets": [stage.prompt_set(size=2)], "opponents": opponents(3)}
    judges = [stage.judge("kin", family="llama"), stage.judge("other", family="qwen")]

    plan = plan_of(**chosen, judges=judges, family="llama")

    # 2 prompts x 3 opponents x 2 orders, by the other judge only.
    assert 12 == plan.judge_calls


def test_a_pointwise_judge_is_asked_once_an_answer():
    sets = [stage.prompt_set("everyday", size=3), stage.prompt_set("riddles", size=2)]
    judges = [stage.judge("grader", protocol="pointwise-100"), stage.judge("strict")]

    plan = plan_of(prompt_sets=sets, opponents=opponents(4), judges=judges)

    # 5 prompts x 5 models = 25 scores; 5 x 4 matches x 2 orders = 40 comparisons.
    assert 25 + 40 == plan.judge_calls


def test_answers_that_are_there_are_not_missing():
    prompts = stage.prompt_set(size=2)
    first, second = opponents(2)
    stage.output(first, prompts.prompts.first())

    plan = plan_of(prompt_sets=[prompts], opponents=[first, second], judges=[stage.judge()])

    assert 3 == plan.missing_outputs


def test_nothing_chosen_is_nothing_planned():
    assert Plan(0, 0, 0, 0, 0, 0) == plan_of(prompt_sets=[], opponents=[], judges=[])


@pytest.mark.parametrize("pairs_per_prompt", [None, 1, 2, 9])
def test_the_plan_is_what_the_run_then_writes(mary, pairs_per_prompt):
    prompts = stage.prompt_set(size=5)
    kin = stage.contender("Kin", endpoint=True, family="llama")
    chosen = {
        "prompt_sets": [prompts],
        "opponents": [*opponents(3), kin],
        "judges": [
            stage.judge("a", family="llama"),
            stage.judge("b"),
            stage.judge("c", family="llama", protocol="pointwise-100"),
        ],
        "pairs_per_prompt": pairs_per_prompt,
    }
    plan = plan_of(**chosen, family="qwen")

    run = submit_contender(
        owner=mary,
        name="Rowan",
        base_url=stage.ADDRESS,
        model="rowan",
        key="",
        board=stage.board(prompts),
        family="qwen",
        **chosen,
    )
    plan_run(run=run, now=timezone.now())

    assert plan.matches == Match.objects.count()
    asked = Judgment.objects.exclude(order="merged")
    assert plan.judge_calls == asked.count() + Score.objects.count()
    assert plan.outputs + plan.missing_outputs == Output.objects.count()


def test_a_board_offers_who_has_answered_its_prompts(mary):
    prompts = stage.prompt_set()
    answered, *_ = opponents(2)
    stage.output(answered, prompts.prompts.get())

    assert [answered] == list(offer(stage.board(prompts), mary).opponents)


def test_a_board_without_answers_offers_whom_nobody_else_pays_for(mary):
    ours, theirs, own = opponents(3)
    stage.contender("Imported")
    for contender, owner in ((theirs, User.objects.create_user("john")), (own, mary)):
        contender.endpoint.owner = owner
        contender.endpoint.save()

    assert [ours, own] == list(offer(stage.board(stage.prompt_set()), mary).opponents)


def test_a_board_that_names_judges_offers_no_others(mary):
    chosen, _ = stage.judge("chosen"), stage.judge("other")
    imported = stage.judge("imported", endpoint=False)
    board = stage.board(stage.prompt_set())
    board.judges.set([chosen, imported])

    assert [chosen] == list(offer(board, mary).judges)


def test_what_a_board_lacks_is_said_in_words(mary):
    empty = Board.objects.create(slug="empty", title="Empty")

    assert ["prompts", "opponents", "a judge with an endpoint"] == offer(empty, mary).missing
    stage.judge()
    assert ["prompts", "opponents"] == offer(empty, mary).missing
    opponents(1)
    assert ["prompts"] == offer(empty, mary).missing
    empty.prompt_sets.add(stage.prompt_set())
    assert [] == offer(empty, mary).missing


def test_only_boards_with_prompts_are_open():
    Board.objects.create(slug="empty", title="Empty")
    full = stage.board(stage.prompt_set(size=3), slug="full")

    assert [full] == list(open_boards())
