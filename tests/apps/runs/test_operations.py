"""From a wish to wanted evidence: planning, planning again, cancelling, retrying, settling."""

import pytest

from apps.contenders.models import Contender, Output
from apps.endpoints.models import EndpointCheck
from apps.judging.models import Judgment, Score
from apps.judging.scores import derive_judgments
from apps.matches.models import Match
from apps.runs.models import Run
from apps.runs.operations import (
    NameIsTaken,
    RunCannotStart,
    cancel_run,
    create_run,
    plan_run,
    retry_failed,
    settle_run,
    submit_contender,
)
from apps.runs.queries import RunStatus, run_progress
from tests import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def everyday():
    return stage.prompt_set(size=3)


@pytest.fixture
def trio():
    return [stage.contender(name, endpoint=True) for name in ("Alder", "Birch", "Cedar")]


def wish(prompt_set, contenders, judges=None, **how):
    board = stage.board(prompt_set)
    return create_run(
        board=board, prompt_sets=[prompt_set], contenders=contenders, judges=judges or [stage.judge()], **how
    )


def test_a_planned_run_wants_every_output_match_and_both_orders(everyday, trio, now):
    plan_run(run=wish(everyday, trio), now=now)

    # 3 contenders x 3 prompts; 3 pairs x 3 prompts; x 2 orders x 1 judge.
    assert 9 == Output.objects.wanted().count()
    assert 9 == Match.objects.count()
    assert 18 == Judgment.objects.waiting().count()


def test_planning_twice_adds_nothing(everyday, trio, now):
    run = wish(everyday, trio)
    plan_run(run=run, now=now)
    plan_run(run=run, now=now)

    assert (9, 9, 18) == (Output.objects.count(), Match.objects.count(), Judgment.objects.count())


def test_a_second_run_over_the_same_prompts_wants_only_what_is_new(everyday, trio, now):
    judge = stage.judge()
    run = wish(everyday, trio[:2], [judge])
    plan_run(run=run, now=now)
    second = create_run(board=run.board, prompt_sets=[everyday], contenders=trio, judges=[judge])

    plan_run(run=second, now=now)

    assert (9, 9, 18) == (Output.objects.count(), Match.objects.count(), Judgment.objects.count())


def test_a_sample_of_pairs_is_the_same_when_it_is_planned_again(everyday, trio, now):
    run = wish(everyday, trio, pairs_per_prompt=1, seed=5)
    plan_run(run=run, now=now)
    drawn = set(Match.objects.values_list("output_a", "output_b"))
    plan_run(run=run, now=now)

    assert 3 == len(drawn)
    assert drawn == set(Match.objects.values_list("output_a", "output_b"))


def test_a_newcomer_plays_only_its_own_matches(everyday, trio, now):
    plan_run(run=wish(everyday, trio, newcomer=trio[2]), now=now)

    for match in Match.objects.select_related("output_a", "output_b"):
        assert trio[2].pk in (match.output_a.contender_id, match.output_b.contender_id)
    assert 6 == Match.objects.count()  # 2 opponents x 3 prompts


def test_a_judge_is_not_asked_about_its_own_family(everyday, now):
    kin = stage.contender("Alder", endpoint=True, family="tree")
    others = [stage.contender(name, endpoint=True, family="stone") for name in ("Basalt", "Chalk")]
    plan_run(run=wish(everyday, [kin, *others], [stage.judge(family="tree")]), now=now)

    # Of the three pairs only Basalt and Chalk is without a relative: 3 prompts x 2 orders.
    assert 6 == Judgment.objects.count()
    assert not Judgment.objects.filter(match__output_a__contender=kin).exists()
    assert not Judgment.objects.filter(match__output_b__contender=kin).exists()


def test_planning_freezes_the_prompts_that_ratings_will_refer_to(everyday, trio, now):
    plan_run(run=wish(everyday, trio), now=now)
    everyday.refresh_from_db()

    assert everyday.is_frozen


def test_judgments_of_outputs_that_exist_already_need_not_wait(everyday, trio, now):
    for prompt in everyday.prompts.all():
        stage.output(trio[0], prompt)
        stage.output(trio[1], prompt)

    plan_run(run=wish(everyday, trio), now=now)

    # Alder against Birch on 3 prompts, in both orders; the pairs with Cedar wait for its outputs.
    assert 6 == Judgment.objects.wanted().count()
    assert 12 == Judgment.objects.waiting().count()


@pytest.mark.parametrize(
    ("contenders", "judges", "size", "sentence"),
    [(1, 1, 1, "at least two models"), (2, 0, 1, "at least one judge"), (2, 1, 0, "at least one prompt")],
)
def test_a_run_that_cannot_rank_anything_is_refused_with_what_is_missing(contenders, judges, size, sentence):
    prompt_set = stage.prompt_set(size=size)
    rivals = [stage.contender(f"Rival {n}", endpoint=True) for n in range(contenders)]

    with pytest.raises(RunCannotStart, match=sentence):
        create_run(
            board=stage.board(prompt_set),
            prompt_sets=[prompt_set],
            contenders=rivals,
            judges=[stage.judge() for _ in range(judges)],
        )


def test_cancelling_forgets_what_was_not_asked_and_keeps_what_was_answered(everyday, trio, now):
    run = wish(everyday, trio)
    plan_run(run=run, now=now)
    kept = Output.objects.first()
    Output.objects.filter(pk=kept.pk).update(status="done")

    cancel_run(run=run, now=now)

    assert RunStatus.CANCELLED == run_progress(run).status
    assert 0 == Judgment.objects.count()
    assert [kept.pk] == list(Output.objects.values_list("pk", flat=True))


def test_cancelling_one_run_leaves_what_another_wants(everyday, trio, now):
    judge = stage.judge()
    run = wish(everyday, trio, [judge])
    other = create_run(board=run.board, prompt_sets=[everyday], contenders=trio[:2], judges=[judge])
    plan_run(run=run, now=now)
    plan_run(run=other, now=now)

    cancel_run(run=run, now=now)

    # What remains is the other run: 2 contenders and 1 pair on 3 prompts, in both orders.
    assert 6 == Output.objects.wanted().count()
    assert 6 == Judgment.objects.waiting().count()


def test_failed_rows_are_asked_again_with_a_clean_slate(everyday, trio, now):
    run = wish(everyday, trio)
    plan_run(run=run, now=now)
    Output.objects.update(status="failed", faults=6, problem="The endpoint could not be reached.")
    settle_run(run=run, now=now)

    assert 9 == retry_failed(run=run, now=now)

    assert 9 == Output.objects.wanted().filter(faults=0, problem="").count()
    run.refresh_from_db()
    assert run.finished_at is None


@pytest.fixture
def graded(everyday, trio, now):
    """A planned run whose only judge scores: 3 contenders x 3 prompts are 9 scores, 3 pairs x 3 prompts 9 judgments."""
    run = wish(everyday, trio, [stage.judge("grader", protocol="pointwise-100")])
    plan_run(run=run, now=now)
    return run


def test_progress_tells_scores_and_the_judgments_that_follow_from_them(graded, now):
    Output.objects.update(status="done")
    Score.objects.update(status="done", score=50)
    told = run_progress(graded)
    assert (9, 9, 0) == (told.scores.total, told.scores.answered, told.judgments.answered)
    assert RunStatus.JUDGING == told.status

    assert 9 == derive_judgments(now=now)
    assert RunStatus.DONE == run_progress(graded).status


def test_judgments_whose_score_failed_are_stuck_until_it_is_asked_again(graded, trio, now):
    Output.objects.update(status="done")
    Score.objects.update(status="done", score=50)
    Score.objects.filter(output__contender=trio[2]).update(status="failed", score=None, problem="Refused.")
    derive_judgments(now=now)

    told = run_progress(graded)
    # Cedar is in 2 of the 3 pairs on each of 3 prompts.
    assert (RunStatus.PARTLY_DONE, 3, 6) == (told.status, told.judgments.done, told.judgments.stuck)
    assert (("Refused.", 3),) == told.problems
    assert 3 == retry_failed(run=graded, now=now)
    assert RunStatus.JUDGING == run_progress(graded).status


def test_scores_of_an_answer_that_never_came_are_not_waited_for(graded, trio):
    Output.objects.update(status="done")
    Output.objects.filter(contender=trio[2]).update(status="failed")
    Score.objects.exclude(output__contender=trio[2]).update(status="done", score=50)
    Judgment.objects.exclude(match__output_b__contender=trio[2]).update(status="done", outcome="tie")

    told = run_progress(graded)
    assert (3, 6, True) == (told.scores.stuck, told.judgments.stuck, told.is_over)


def test_a_cancelled_run_asks_for_no_more_scores(graded, now):
    cancel_run(run=graded, now=now)

    assert (0, 0) == (Score.objects.count(), Judgment.objects.count())


def test_a_run_is_partly_done_when_something_failed_for_good(everyday, trio, now):
    run = wish(everyday, trio)
    plan_run(run=run, now=now)
    lost = Output.objects.filter(contender=trio[2])
    Output.objects.exclude(contender=trio[2]).update(status="done")
    lost.update(status="failed", problem="The endpoint knows no such address or model (404).")
    Judgment.objects.filter(match__output_a__contender=trio[0], match__output_b__contender=trio[1]).update(
        status="done", outcome="tie"
    )

    assert settle_run(run=run, now=now)

    progress = run_progress(run)
    assert RunStatus.PARTLY_DONE == progress.status
    assert 12 == progress.judgments.stuck  # 2 pairs with Cedar x 3 prompts x 2 orders
    assert (("The endpoint knows no such address or model (404).", 3),) == progress.problems


def test_nobodys_run_spends_on_a_strangers_key(everyday, trio, now, django_user_model):
    ada, bob = (django_user_model.objects.create_user(name) for name in ("ada", "bob"))
    trio[2].endpoint.owner = bob
    trio[2].endpoint.save()
    prompt = everyday.prompts.first()
    stage.output(trio[2], prompt)  # what Cedar has answered already may be used

    plan_run(run=wish(everyday, trio, owner=ada), now=now)

    # Alder and Birch on 3 prompts; Cedar's one answer is there, and it meets both of them on that prompt.
    assert 6 == Output.objects.wanted().count()
    assert 1 == Output.objects.filter(contender=trio[2]).count()
    assert 5 == Match.objects.count()


def test_a_contender_without_an_endpoint_is_never_waited_for(everyday, trio, now):
    imported = stage.contender("Imported")
    plan_run(run=wish(everyday, [*trio, imported]), now=now)

    assert not Output.objects.filter(contender=imported).exists()


def test_a_judge_that_cannot_be_asked_is_refused_by_name(everyday, trio):
    with pytest.raises(RunCannotStart, match="Paper is known from imported verdicts only"):
        wish(everyday, trio, [stage.judge("paper", endpoint=False)])


def submit(owner, prompt_set, opponents, **changes):
    asked = {
        "owner": owner,
        "name": "Newcomer",
        "base_url": stage.ADDRESS,
        "model": "newcomer-1",
        "key": "sk-canary-55512345",
        "board": stage.board(prompt_set),
        "prompt_sets": [prompt_set],
        "opponents": opponents,
        "judges": [stage.judge()],
    }
    return submit_contender(**asked | changes)


def test_a_submitted_endpoint_is_checked_before_its_run_is_planned(everyday, trio, django_user_model):
    owner = django_user_model.objects.create_user("ada")

    run = submit(owner, everyday, trio)

    assert "Newcomer" == run.newcomer.name
    assert run.planned_at is None
    assert [run.newcomer.endpoint] == [check.endpoint for check in EndpointCheck.objects.wanted()]
    assert RunStatus.CHECKING == run_progress(run).status


def test_a_taken_name_writes_nothing(everyday, trio, django_user_model):
    owner = django_user_model.objects.create_user("ada")

    with pytest.raises(NameIsTaken, match="Alder"):
        submit(owner, everyday, trio, name="Alder")

    assert (3, 0, 0) == (Contender.objects.count(), EndpointCheck.objects.count(), Run.objects.count())


def test_the_key_is_stored_sealed_and_only_its_end_is_told(everyday, trio, django_user_model):
    run = submit(django_user_model.objects.create_user("ada"), everyday, trio)
    endpoint = run.newcomer.endpoint

    assert b"sk-canary" not in bytes(endpoint.sealed_key)
    assert "2345" == endpoint.key_hint
