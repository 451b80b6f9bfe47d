"""A run that chooses its matches: what it draws, when it draws again, and why it stops."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Count

from apps.budgets.models import Budget
from apps.contenders.models import Output
from apps.endpoints.models import Endpoint
from apps.judging.models import Judgment, Score
from apps.judging.operations import release_judgments
from apps.judging.scores import derive_judgments
from apps.matches.models import Match
from apps.runs.drawing import draw_matches
from apps.runs.models import Draw, Run
from apps.runs.operations import (
    RunCannotStart,
    cancel_run,
    change_budget,
    create_run,
    plan_run,
    retry_failed,
    settle_run,
)
from apps.runs.queries import RunStatus, run_progress
from tests import stage

pytestmark = pytest.mark.django_db

NAMES = ("Alder", "Birch", "Cedar")
AHEAD = {"Alder": 0.85, "Birch": 0.5, "Cedar": 0.15}


@pytest.fixture
def wish():
    """Three models on 50 prompts by one judge: 150 matches there are, of which a first batch takes 75 calls."""
    prompts = stage.prompt_set(size=50)
    return {
        "board": stage.board(prompts),
        "prompt_sets": [prompts],
        "contenders": [stage.contender(name, endpoint=True) for name in NAMES],
        "judges": [stage.judge()],
    }


@pytest.fixture
def duel(wish):
    """Two models alone: 50 matches, and a first batch of 50 calls."""
    return wish | {"contenders": wish["contenders"][:2]}


def begun(wish, now, **how) -> Run:
    run = create_run(**wish | how)
    plan_run(run=run, now=now)
    return run


def answer(seed=0):
    """Whatever is wanted is answered; Alder is the best of the three, Cedar the worst."""
    Output.objects.open().update(status="done", texts=["Words."])
    release_judgments()
    rng = np.random.default_rng(seed)
    names = ("match__output_a__contender__name", "match__output_b__contender__name")
    won: dict[str, list[int]] = {"model_a": [], "model_b": []}
    for key, *sides in Judgment.objects.wanted().order_by("pk").values_list("pk", *names):
        a, b = (AHEAD.get(side, 0.5) for side in sides)
        won["model_a" if rng.random() < 0.5 + (a - b) / 2 else "model_b"].append(key)
    for outcome, keys in won.items():
        Judgment.objects.filter(pk__in=keys).update(outcome=outcome, status="done")


def carry_on(run, now, rounds=30):
    """As the workers would, until the run is over; the number of batches that were answered."""
    for number in range(rounds):
        answer(number)
        draw_matches(run=run)
        settle_run(run=run, now=now)
        run.refresh_from_db()
        if run.finished_at:
            return number + 1
    raise AssertionError(f"The run did not stop: {run_progress(run)}")


def written():
    return [model.objects.count() for model in (Draw, Output, Match, Judgment)]


# --- what is drawn ----------------------------------------------------------------------------------------------------
def test_a_first_batch_asks_for_what_it_drew_and_nothing_else(wish, now):
    run = begun(wish, now, precision=30)

    draws = Draw.objects.count()
    audits = Draw.objects.filter(order="both").count()
    # 1.25 x 40 matches a model are 75 of a pair; a tenth of the matches is judged in both orders.
    assert (75, 75) == (draws + audits, Judgment.objects.waiting().count())
    assert 0.05 <= audits / draws <= 0.15
    assert set(Match.objects.values_list("pk", flat=True)) == set(Draw.objects.values_list("match", flat=True))
    played = set(Match.objects.values_list("output_a", flat=True)) | set(
        Match.objects.values_list("output_b", flat=True)
    )
    assert played == set(Output.objects.wanted().values_list("pk", flat=True))
    assert {run.budget.pk} == set(Output.objects.values_list("payer", flat=True))


def test_a_judge_is_shown_a_match_in_the_order_that_was_drawn(wish, now):
    begun(wish, now, precision=30)

    for draw in Draw.objects.all():
        asked = set(draw.match.judgments.values_list("order", flat=True))
        assert asked == ({"ab", "ba"} if draw.order == "both" else {draw.order})


def test_every_draw_says_how_likely_it_was_and_from_which_seed(wish, now):
    begun(wish, now, precision=30)

    # Where nothing is known all three pairs are alike.
    assert {("equal_width", 1)} == set(Draw.objects.values_list("rule", "number"))
    assert [1 / 3] * Draw.objects.count() == pytest.approx(list(Draw.objects.values_list("share", flat=True)))
    assert 1 == Draw.objects.values("seed").distinct().count()


def test_models_play_on_those_prompts_first_on_which_they_have_played_least(wish, now):
    begun(wish, now, precision=30)

    played = Counter(
        Output.objects.annotate(n=Count("matches_as_a") + Count("matches_as_b")).values_list("n", flat=True)
    )
    # About 44 matches a model on 50 prompts: hardly any is played on twice while others have not been played on.
    assert {1, 2} >= set(played)
    assert played[2] < 0.2 * played[1]


def test_drawing_while_something_is_open_adds_nothing(wish, now):
    run = begun(wish, now, precision=30)
    before = written()

    assert 0 == draw_matches(run=run)
    plan_run(run=run, now=now)

    assert before == written()


def test_the_next_batch_follows_when_all_is_answered_and_nobody_meets_twice_on_a_prompt(wish, now):
    run = begun(wish, now, precision=30)
    first = Draw.objects.count()
    answer()

    drawn = draw_matches(run=run)

    assert first + drawn == Draw.objects.count() == Match.objects.count()
    assert drawn == Draw.objects.filter(number=2).count() > 0
    assert 2 == run_progress(run).course.batches


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time, and needs no lock.")
def test_two_conductors_at_once_draw_once(wish, now):
    run = begun(wish, now, precision=30)
    answer()

    def draw(_):
        try:
            return draw_matches(run=Run.objects.get(pk=run.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        drawn = sorted(threads.map(draw, range(4)))

    assert [0, 0, 0] == drawn[:3]
    assert drawn[3] == Draw.objects.filter(number=2).count() > 0
    assert {1, 2} == set(Draw.objects.values_list("number", flat=True))


def test_a_newcomer_meets_the_others_and_they_do_not_meet_each_other(wish, now):
    run = begun(wish, now, precision=30, newcomer=wish["contenders"][2])
    answer()
    draw_matches(run=run)

    sides = [{m.output_a.contender.name, m.output_b.contender.name} for m in Match.objects.all()]
    assert all("Cedar" in side for side in sides)
    assert {frozenset({"Alder", "Cedar"}), frozenset({"Birch", "Cedar"})} == set(map(frozenset, sides))


def test_a_judge_is_not_asked_about_its_own_family_and_no_pair_is_drawn_that_nobody_may_judge(wish, now):
    wish["contenders"] = [stage.contender("Kin", endpoint=True, family="tree"), *wish["contenders"]]
    wish["judges"] = [stage.judge("kin", family="tree")]
    begun(wish, now, precision=30)

    assert not Match.objects.filter(output_a__contender__name="Kin").exists()
    assert not Match.objects.filter(output_b__contender__name="Kin").exists()


def test_of_two_judges_the_one_that_is_no_kin_judges_the_family(wish, now):
    wish["contenders"] = [stage.contender("Kin", endpoint=True, family="tree"), *wish["contenders"]]
    wish["judges"] = [stage.judge("kin", family="tree"), stage.judge("other")]
    begun(wish, now, precision=30)

    kin = Match.objects.filter(output_a__contender__name="Kin") | Match.objects.filter(output_b__contender__name="Kin")
    assert {"other"} == set(Judgment.objects.filter(match__in=kin).values_list("judge__slug", flat=True))
    assert {"kin", "other"} == set(Judgment.objects.exclude(match__in=kin).values_list("judge__slug", flat=True))


def test_nobody_is_asked_with_a_strangers_key_and_who_cannot_be_asked_plays_where_it_has_answered(wish, now):
    john, mary = User.objects.create_user("john"), User.objects.create_user("mary")
    Endpoint.objects.filter(name="Cedar").update(owner=john)
    there = [stage.output(wish["contenders"][2], prompt) for prompt in wish["prompt_sets"][0].prompts.all()[:5]]
    begun(wish, now, precision=30, owner=mary)

    assert {output.pk for output in there} == set(
        Output.objects.filter(contender__name="Cedar").values_list("pk", flat=True)
    )


def test_a_pointwise_judge_scores_the_outputs_that_were_drawn_once(wish, now):
    run = begun(wish, now, precision=30, judges=[stage.judge("grader", protocol="pointwise-100")])

    assert {"merged"} == set(Judgment.objects.values_list("order", flat=True))
    assert Draw.objects.count() == Judgment.objects.count()
    assert Output.objects.count() == Score.objects.count() == run_progress(run).course.calls


def test_a_pointwise_run_goes_on_from_scores_to_the_next_batch(wish, now):
    run = begun(wish, now, precision=30, judges=[stage.judge("grader", protocol="pointwise-100")])
    Output.objects.update(status="done")
    Score.objects.update(status="done", score=50)
    Score.objects.filter(output__contender__name="Alder").update(score=60)
    derive_judgments(now=now)

    assert draw_matches(run=run) > 0


# --- when it stops ----------------------------------------------------------------------------------------------------
def test_it_stops_at_the_precision_that_was_asked_for(wish, now):
    run = begun(wish, now, precision=80)

    carry_on(run, now)

    course = run_progress(run).course
    assert ("half_width", RunStatus.DONE) == (run.stopped_because, run_progress(run).status)
    assert course.half_width <= 80
    assert "every interval is as narrow as was asked for" == course.stopped
    assert course.calls == Judgment.objects.count()


def test_it_stops_when_all_neighbours_are_told_apart(wish, now):
    run = begun(wish, now, order=True)

    carry_on(run, now)

    assert ("order", 0, "gap_optimal") == (run.stopped_because, run.unresolved, run.rule)


@pytest.mark.parametrize("most", [1, 20, 100])
def test_it_makes_no_call_more_than_it_may(wish, now, most):
    run = begun(wish, now, precision=5, max_calls=most)

    carry_on(run, now)

    assert ("calls", most) == (run.stopped_because, Judgment.objects.count())
    assert RunStatus.DONE == run_progress(run).status


def test_a_pointwise_judge_is_asked_no_more_than_it_may(wish, now):
    run = begun(wish, now, max_calls=21, judges=[stage.judge("grader", protocol="pointwise-100"), *wish["judges"]])
    for _ in range(20):
        Output.objects.update(status="done")
        Score.objects.update(status="done", score=50)
        derive_judgments(now=now)
        answer()
        draw_matches(run=run)

    run.refresh_from_db()
    comparisons = Judgment.objects.exclude(order="merged").count()
    assert "calls" == run.stopped_because
    assert 19 <= Score.objects.count() + comparisons <= 21  # the next match might have taken three


def test_it_stops_when_its_money_is_spent(wish, now):
    Endpoint.objects.update(usd_per_million_in=1, usd_per_million_out=2)
    for one in (*wish["contenders"], *wish["judges"]):
        one.endpoint.refresh_from_db()
    run = begun(wish, now, precision=30, budget_usd=5)
    Budget.objects.filter(pk=run.budget.pk).update(spent=5, refused=1, exhausted=True)

    assert settle_run(run=run, now=now)
    run.refresh_from_db()
    assert ("money", RunStatus.OUT_OF_BUDGET) == (run.stopped_because, run_progress(run).status)

    change_budget(run=run, usd=7)
    assert ("", None, RunStatus.QUEUED) == (run.stopped_because, run.finished_at, run_progress(run).status)


def test_it_draws_nothing_more_with_the_last_of_its_money(wish, now):
    run = begun(wish, now, precision=30)
    answer()
    Budget.objects.filter(pk=run.budget.pk).update(cap=1, spent=1, refused=1, exhausted=True)

    assert 0 == draw_matches(run=run)

    run.refresh_from_db()
    assert ("money", RunStatus.OUT_OF_BUDGET) == (run.stopped_because, run_progress(run).status)


def test_it_stops_when_there_is_nothing_left_to_ask(wish, now):
    run = begun(wish, now, precision=1)

    carry_on(run, now)

    assert "nothing" == run.stopped_because
    assert 3 * 50 == Match.objects.count()  # everybody met everybody everywhere


def test_a_model_that_nobody_may_judge_keeps_no_run_going(wish, now):
    kin = stage.contender("Kin", endpoint=True, family="tree")
    run = begun(
        wish, now, precision=80, contenders=[kin, *wish["contenders"]], judges=[stage.judge("k", family="tree")]
    )

    carry_on(run, now)

    assert "nothing" == run.stopped_because
    assert Match.objects.count() < 3 * 50


def test_the_same_run_a_second_time_makes_no_call(wish, now):
    carry_on(begun(wish, now, precision=80), now)
    before = written()

    again = begun(wish, now, precision=80)
    assert settle_run(run=again, now=now)

    again.refresh_from_db()
    assert before == written()
    assert ("half_width", 0, RunStatus.DONE) == (
        again.stopped_because, run_progress(again).course.calls, run_progress(again).status,
    )  # fmt: skip


def test_matches_that_were_judged_before_count(duel, now):
    plan_run(run=create_run(**duel), now=now)  # a round robin: 50 matches in both orders
    answer()

    run = begun(duel, now, precision=90)

    assert "half_width" == run.stopped_because
    assert run.half_width < 90
    assert 0 == Draw.objects.count()


# --- beside other runs ------------------------------------------------------------------------------------------------
def test_it_waits_for_what_another_run_asks(wish, now):
    plan_run(run=create_run(**wish, pairs_per_prompt=1), now=now)
    run = begun(wish, now, precision=30)

    assert (0, RunStatus.JUDGING) == (Draw.objects.count(), run_progress(run).status)
    answer()
    assert draw_matches(run=run) > 0


def test_it_does_not_wait_for_what_nobody_pays_for_and_asks_that_itself(duel, now):
    other = create_run(**duel)
    plan_run(run=other, now=now)
    Budget.objects.filter(pk=other.budget.pk).update(cap=1, spent=1, refused=1, exhausted=True)

    run = begun(duel, now, precision=30)

    drawn = Judgment.objects.filter(payer=run.budget)
    assert 50 == drawn.count() == run_progress(run).course.calls
    assert 100 <= Judgment.objects.count()  # those of the other run stay its own


def test_a_cancelled_run_takes_nothing_from_another_that_drew_it(duel, now):
    run = begun(duel, now, precision=30)
    wanted = set(Judgment.objects.values_list("match", "order"))
    other = create_run(**duel)
    plan_run(run=other, now=now)

    cancel_run(run=other, now=now)

    assert wanted == set(Judgment.objects.values_list("match", "order"))
    assert len({match for match, _ in wanted}) == Draw.objects.count()
    assert {run.budget.pk} == set(Judgment.objects.values_list("payer", flat=True))


def test_cancelling_it_forgets_what_was_not_asked_and_draws_no_more(wish, now):
    run = begun(wish, now, precision=30)

    cancel_run(run=run, now=now)

    assert [0, 0, 0, 0] == written()
    assert 0 == draw_matches(run=run)
    assert RunStatus.CANCELLED == run_progress(run).status


def test_asking_again_for_what_failed_lets_it_look_again(wish, now):
    run = begun(wish, now, max_calls=20)
    Output.objects.update(status="failed")
    draw_matches(run=run)
    settle_run(run=run, now=now)
    run.refresh_from_db()
    assert ("calls", RunStatus.FAILED) == (run.stopped_because, run_progress(run).status)

    assert retry_failed(run=run, now=now) > 0

    run.refresh_from_db()
    assert ("", None, RunStatus.QUEUED) == (run.stopped_because, run.finished_at, run_progress(run).status)


# --- what cannot be wished for ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"precision": 0.0}, r"Expected a precision of at least 1 Elo point, found 0\."),
        ({"precision": 0.01}, r"found 0\.01"),
        ({"precision": -3.0}, "found -3"),
        ({"precision": float("nan")}, "found nan"),
        ({"precision": float("inf")}, "found inf"),
        ({"precision": 20.0, "order": True}, "stops at a precision or at the order, not at both"),
        (
            {"rule": "best", "order": True},
            "no rule 'best' to choose matches by; there are round_robin, uniform, variance",
        ),
        ({"rule": "baseline", "order": True}, "no rule 'baseline'"),
        (
            {"rule": "uniform"},
            "The rule uniform has no end; expected a precision, the order or a number of calls with it",
        ),
        ({"max_calls": 0}, "Expected at least one call to a judge, found 0"),
        ({"order": True, "pairs_per_prompt": 2}, "has no number of pairs a prompt"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(wish, choice, sentence):
    with pytest.raises(RunCannotStart, match=sentence):
        create_run(**wish, **choice)

    assert 0 == Run.objects.count()
