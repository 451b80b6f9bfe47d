"""One look into the database: who died, what is new, where there is work, what is over."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from apps.budgets.models import Budget
from apps.budgets.operations import change_cap
from apps.contenders.models import Contender, Output
from apps.endpoints.models import Endpoint, EndpointCheck
from apps.endpoints.operations import hold_lane
from apps.judging.models import Judgment
from apps.leases.models import Leased
from apps.ratings.operations import ensure_board, refit_board
from apps.runs.models import Run
from apps.runs.operations import create_run, submit_contender
from tests import stage
from tests.workers.lanes import CONTENDERS, JUDGE, planned_run, small_run
from workers import conductor

pytestmark = pytest.mark.django_db

Status = Leased.Status


class Nowhere:
    """Stands where a simulator would: the conductor asks no model."""

    base_url = "https://api.example.com/v1"


@pytest.fixture
def run() -> Run:
    """Planned: 3 contenders on 6 prompts, 18 outputs wanted and 36 judgments waiting."""
    return planned_run(Nowhere())


def soon():
    """A moment at which everything that was just written is due."""
    return timezone.now() + timedelta(seconds=1)


def lane_of(model):
    return Endpoint.objects.get(model=model).pk


def answer_everything():
    Output.objects.update(status=Status.DONE, texts=["An answer."], answered_at=timezone.now())
    Judgment.objects.update(status=Status.DONE, outcome="model_a", answered_at=timezone.now())


# --- the dead ---------------------------------------------------------------------------------------------------------
def test_what_a_dead_worker_held_is_free_again_in_the_same_look(run):
    late = soon()
    Output.objects.update(status=Status.LEASED, lease_token=uuid4(), lease_until=late - timedelta(seconds=1))

    found = conductor.look(late)

    assert 18 == Output.objects.wanted().filter(lease_token=None, faults=0).count()
    assert {lane_of(name) for name in CONTENDERS[:3]} == set(found.lanes)


def test_what_a_living_worker_holds_stays_with_it(run):
    Output.objects.update(status=Status.LEASED, lease_token=uuid4(), lease_until=soon() + timedelta(seconds=30))

    assert () == conductor.look(soon()).lanes
    assert 18 == Output.objects.leased().count()


def test_judgments_are_released_though_the_worker_died_right_after_storing_their_outputs(run):
    Output.objects.update(status=Status.DONE, texts=["An answer."], answered_at=timezone.now())

    found = conductor.look(soon())

    assert 36 == Judgment.objects.wanted().count()
    assert (lane_of(JUDGE),) == found.lanes


def test_a_judgment_with_one_output_missing_goes_on_waiting(run):
    Output.objects.filter(contender__name=CONTENDERS[0]).update(status=Status.DONE, texts=["An answer."])

    conductor.look(soon())

    assert 36 == Judgment.objects.waiting().count()


# --- the new ----------------------------------------------------------------------------------------------------------
def test_a_new_run_is_planned_and_its_lanes_are_told():
    run = small_run(Nowhere())

    found = conductor.look(soon())
    again = conductor.look(soon())

    run.refresh_from_db()
    assert run.planned_at is not None
    assert (18, 36) == (Output.objects.wanted().count(), Judgment.objects.waiting().count())
    assert {lane_of(name) for name in CONTENDERS[:3]} == set(found.lanes) | set(again.lanes)


def test_a_run_that_cannot_be_planned_keeps_no_other_waiting(run, caplog):
    stranger = stage.contender("Stranger")
    broken = create_run(
        board=run.board,
        prompt_sets=run.prompt_sets.all(),
        contenders=list(run.contenders.all()),
        judges=run.judges.all(),
        newcomer=stranger,  # not among its own contenders
    )
    sound = create_run(
        board=run.board,
        prompt_sets=run.prompt_sets.all(),
        contenders=list(run.contenders.all()),
        judges=run.judges.all(),
    )

    conductor.look(timezone.now())

    planned = Run.objects.filter(planned_at__isnull=False)
    assert sound in planned
    assert broken not in planned
    assert f"Run {broken.pk} could not be planned." in caplog.text


@pytest.fixture
def submitted() -> Run:
    """A newcomer's run, its endpoint not checked yet."""
    prompt_set = stage.prompt_set(size=2)
    return submit_contender(
        owner=User.objects.create_user("mary"),
        name="Newcomer",
        base_url="https://new.example.com/v1",
        model="new",
        key="",
        board=ensure_board(slug="small", title="Small"),
        prompt_sets=[prompt_set],
        opponents=[stage.contender("Alder", endpoint=True)],
        judges=[stage.judge()],
    )


def test_a_newcomers_run_waits_for_the_check_of_its_endpoint(submitted):
    found = conductor.look(soon())

    submitted.refresh_from_db()
    assert submitted.planned_at is None
    assert (Contender.objects.get(name="Newcomer").endpoint_id,) == found.lanes
    assert conductor.anything_open()


def test_a_newcomers_run_starts_once_the_check_has_passed(submitted):
    EndpointCheck.objects.update(status=Status.DONE)

    conductor.look(soon())

    submitted.refresh_from_db()
    assert submitted.planned_at is not None


def test_a_newcomer_whose_check_failed_keeps_nobody_waiting(submitted):
    EndpointCheck.objects.update(status=Status.FAILED)

    found = conductor.look(soon())

    submitted.refresh_from_db()
    assert submitted.planned_at is None
    assert () == found.lanes
    assert not conductor.anything_open()


def test_a_newcomer_that_passes_a_second_check_starts_after_all(submitted):
    EndpointCheck.objects.update(status=Status.FAILED)
    conductor.look(soon())
    EndpointCheck.objects.create(endpoint=submitted.newcomer.endpoint, status=Status.DONE)

    conductor.look(soon())

    submitted.refresh_from_db()
    assert submitted.planned_at is not None


# --- where there is work ----------------------------------------------------------------------------------------------
def test_a_lane_that_is_being_drained_is_not_rung_for(run):
    busy, now = lane_of(CONTENDERS[0]), soon()
    hold_lane(endpoint_id=busy, token=uuid4(), now=now, until=now + timedelta(seconds=30))

    assert {lane_of(name) for name in CONTENDERS[1:3]} == set(conductor.look(now).lanes)


def test_a_lane_whose_rows_are_to_come_back_later_is_rung_for_later(run):
    now = soon()
    Output.objects.update(next_at=now + timedelta(seconds=9))

    assert () == conductor.look(now).lanes
    assert conductor.anything_open()
    assert 3 == len(conductor.look(now + timedelta(seconds=9)).lanes)


def test_the_judges_lane_has_work_once_outputs_are_there(run):
    Output.objects.update(status=Status.DONE, texts=["An answer."])
    Judgment.objects.update(status=Status.WANTED)

    assert (lane_of(JUDGE),) == conductor.look(soon()).lanes


def test_a_lane_whose_rows_nobody_can_pay_for_is_not_rung_for_and_keeps_nobody_waiting(run):
    Budget.objects.update(cap=1, spent=1, refused=1, exhausted=True)

    assert () == conductor.look(soon()).lanes

    run.refresh_from_db()
    assert run.finished_at is not None
    assert not conductor.anything_open()


def test_a_raised_budget_rings_again(run):
    Budget.objects.update(cap=1, spent=1, refused=1, exhausted=True)
    conductor.look(soon())

    change_cap(budget=run.budget, cap=Decimal(2))

    assert 3 == len(conductor.look(soon()).lanes)
    assert conductor.anything_open()


# --- what is over -----------------------------------------------------------------------------------------------------
def test_a_run_with_nothing_left_to_ask_is_settled(run):
    answer_everything()

    conductor.look(soon())

    run.refresh_from_db()
    assert run.finished_at is not None
    assert not conductor.anything_open()


def test_a_run_with_a_row_left_is_not_settled(run):
    answer_everything()
    Judgment.objects.filter(pk=Judgment.objects.first().pk).update(status=Status.WANTED, outcome=None)

    conductor.look(soon())

    run.refresh_from_db()
    assert run.finished_at is None
    assert conductor.anything_open()


def test_judgments_that_wait_for_an_output_that_failed_do_not_keep_a_run_open(run):
    Output.objects.update(status=Status.FAILED)

    conductor.look(soon())

    run.refresh_from_db()
    assert run.finished_at is not None
    assert not conductor.anything_open()


# --- what is to be rated ----------------------------------------------------------------------------------------------
def test_a_board_is_rated_when_something_was_said_and_not_again_without_news(run):
    assert () == conductor.look(soon()).boards
    answer_everything()
    assert (run.board_id,) == conductor.look(soon()).boards

    later = timezone.now() + timedelta(minutes=1)
    refit_board(board=run.board, now=later)

    assert () == conductor.look(later + timedelta(minutes=1)).boards


def test_a_board_that_was_just_rated_waits_a_little_for_more_news(run):
    answer_everything()
    now = timezone.now()
    refit_board(board=run.board, now=now)

    assert () == conductor.look(now + conductor.REFIT_EVERY).boards
    assert (run.board_id,) == conductor.look(now + conductor.REFIT_EVERY + timedelta(seconds=1)).boards


def test_work_is_true_when_there_is_any():
    assert not conductor.Work(lanes=(), boards=())
    assert conductor.Work(lanes=(1,), boards=())
    assert conductor.Work(lanes=(), boards=(1,))
