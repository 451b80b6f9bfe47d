"""What makes lost, doubled and late messages harmless: a row is leased to one holder, whose answer alone counts."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from apps.contenders.models import Output
from apps.judging.models import Judgment
from apps.leases.models import Leased
from apps.leases.operations import answered, ask_again, claim, postponed, release, renew, store, sweep
from tests import stage

pytestmark = pytest.mark.django_db

LEASE = timedelta(seconds=30)
Status = Leased.Status
MINE, THEIRS = uuid4(), uuid4()


def wanted_outputs(size, now):
    """So many outputs of one contender, the first the oldest."""
    contender = stage.contender("Alder")
    prompts = stage.prompt_set(size=size).prompts.all()
    return [
        Output.objects.create(contender=contender, prompt=prompt, next_at=now - timedelta(seconds=size - n))
        for n, prompt in enumerate(prompts)
    ]


def wanted_judgment(now):
    judge, (match,) = stage.judge(), stage.matches(1)
    return Judgment.objects.create(judge=judge, match=match, order=Judgment.Order.A_FIRST, next_at=now)


def claim_outputs(now, *, token=MINE, limit=10):
    return claim(Output.objects.ready(now), token=token, limit=limit, until=now + LEASE)


def state(row, *fields):
    row.refresh_from_db()
    return tuple(getattr(row, field) for field in ("status", *fields))


# --- claim ------------------------------------------------------------------------------------------------------------
def test_a_claim_takes_the_oldest_rows_up_to_its_limit(now):
    first, second, third = wanted_outputs(3, now)

    keys = claim_outputs(now, limit=2)

    assert [first.pk, second.pk] == keys
    assert (Status.LEASED, MINE, now + LEASE) == state(first, "lease_token", "lease_until")
    assert (Status.WANTED, None, None) == state(third, "lease_token", "lease_until")


def test_a_row_that_is_to_come_back_later_is_not_claimed_before(now):
    (output,) = wanted_outputs(1, now)
    later = now + timedelta(seconds=7)
    Output.objects.update(next_at=later)

    assert [] == claim_outputs(later - timedelta(milliseconds=1))
    assert [output.pk] == claim_outputs(later)


@pytest.mark.parametrize("status", [status for status in Status if status != Status.WANTED])
def test_only_wanted_rows_are_claimed(status, now):
    wanted_outputs(1, now)
    Output.objects.update(status=status)

    assert [] == claim_outputs(now)


def test_a_row_is_claimed_once(now):
    (output,) = wanted_outputs(1, now)

    assert [output.pk] == claim_outputs(now, token=MINE)
    assert [] == claim_outputs(now, token=THEIRS)
    assert (Status.LEASED, MINE) == state(output, "lease_token")


@pytest.mark.django_db(transaction=True)
def test_claimers_on_their_own_connections_never_get_the_same_row(now):
    outputs = wanted_outputs(60, now)
    start = threading.Barrier(6)

    def claim_until_nothing_is_left():
        with closing(connection):
            token, keys = uuid4(), []
            start.wait()
            while claimed := claim_outputs(now, token=token, limit=3):
                keys += claimed
            return keys

    with ThreadPoolExecutor(6) as threads:
        claims = [threads.submit(claim_until_nothing_is_left) for _ in range(6)]
    claimed = [key for one in claims for key in one.result()]

    assert sorted(output.pk for output in outputs) == sorted(claimed)


@pytest.mark.django_db(transaction=True)
def test_a_claimer_does_not_wait_for_rows_another_one_is_just_taking(now):
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("This database has one writer at a time.")
    first, second, third = wanted_outputs(3, now)

    def claim_beside():
        with closing(connection):
            return claim_outputs(now, token=THEIRS)

    with ThreadPoolExecutor(1) as thread, transaction.atomic():
        assert [first.pk, second.pk] == claim_outputs(now, token=MINE, limit=2)
        beside = thread.submit(claim_beside).result(timeout=10)  # while our transaction is still open

    assert [third.pk] == beside


def test_a_claim_through_a_join_locks_and_leases_judgments(now):
    judgment = wanted_judgment(now)
    ready = Judgment.objects.ready(now).filter(judge__endpoint=judgment.judge.endpoint)

    assert [judgment.pk] == claim(ready, token=MINE, limit=5, until=now + LEASE)


# --- renew and release ------------------------------------------------------------------------------------------------
def test_renewing_prolongs_what_is_held_and_nothing_else(now):
    mine, theirs = wanted_outputs(2, now)
    claim_outputs(now, token=MINE, limit=1)
    claim_outputs(now, token=THEIRS, limit=1)

    renewed = renew(Output, token=MINE, until=now + 2 * LEASE)

    assert 1 == renewed
    assert (Status.LEASED, now + 2 * LEASE) == state(mine, "lease_until")
    assert (Status.LEASED, now + LEASE) == state(theirs, "lease_until")


def test_releasing_gives_back_unasked_what_is_held_and_nothing_else(now):
    mine, theirs = wanted_outputs(2, now)
    claim_outputs(now, token=MINE, limit=1)
    claim_outputs(now, token=THEIRS, limit=1)

    released = release(Output, token=MINE)

    assert 1 == released
    assert (Status.WANTED, None, None, 0, 0) == state(mine, "lease_token", "lease_until", "calls", "faults")
    assert (Status.LEASED, THEIRS) == state(theirs, "lease_token")


# --- finish -----------------------------------------------------------------------------------------------------------
def finish_output(output, token, now, text="An answer."):
    return store(Output, {output.pk: answered(status=Status.DONE, answer={"texts": [text]}, now=now)}, token=token)


def test_an_answer_under_a_held_lease_is_stored_and_ends_the_lease(now):
    (output,) = wanted_outputs(1, now)
    claim_outputs(now)

    assert finish_output(output, MINE, now)
    told = state(output, "texts", "calls", "answered_at", "lease_token", "lease_until")
    assert (Status.DONE, ["An answer."], 1, now, None, None) == told


def test_an_answer_is_stored_once(now):
    (output,) = wanted_outputs(1, now)
    claim_outputs(now)
    finish_output(output, MINE, now, "First.")

    assert not finish_output(output, MINE, now, "Again.")
    assert (Status.DONE, ["First."], 1) == state(output, "texts", "calls")


def test_an_answer_that_comes_after_its_lease_went_to_somebody_else_is_dropped(now):
    (output,) = wanted_outputs(1, now)
    claim_outputs(now, token=MINE)
    late = now + LEASE + timedelta(seconds=1)
    sweep(Output, now=late)
    claim_outputs(late, token=THEIRS)

    assert not finish_output(output, MINE, late, "Late.")
    assert finish_output(output, THEIRS, late, "In time.")
    assert (Status.DONE, ["In time."], 1) == state(output, "texts", "calls")


def test_an_answer_to_a_row_that_was_swept_and_not_taken_yet_is_dropped(now):
    (output,) = wanted_outputs(1, now)
    claim_outputs(now)
    sweep(Output, now=now + LEASE + timedelta(seconds=1))

    assert not finish_output(output, MINE, now)
    assert (Status.WANTED, 0, None) == state(output, "calls", "answered_at")


def test_a_judgment_is_finished_with_its_outcome(now):
    judgment = wanted_judgment(now)
    claim(Judgment.objects.ready(now), token=MINE, limit=1, until=now + LEASE)

    told = answered(status=Status.DONE, answer={"outcome": "tie", "raw": "Alike.\n\n[[TIE]]"}, now=now)

    assert {judgment.pk} == store(Judgment, {judgment.pk: told}, token=MINE)
    assert (Status.DONE, "tie", "Alike.\n\n[[TIE]]") == state(judgment, "outcome", "raw")


def test_answers_and_postponements_are_stored_together_in_few_statements(now, django_assert_num_queries):
    outputs = wanted_outputs(9, now)
    claim_outputs(now, limit=8)
    later = now + timedelta(seconds=9)
    told = {output.pk: answered(status=Status.DONE, answer={"texts": ["Yes."]}, now=now) for output in outputs[:5]}
    told |= {output.pk: postponed(next_at=later, problem="Slow down.", faults=1) for output in outputs[5:]}

    with django_assert_num_queries(3):  # which rows are held, one statement for each kind of news
        held = store(Output, told, token=MINE)

    assert {output.pk for output in outputs[:8]} == held  # the last was not claimed
    assert [Status.DONE] * 5 + [Status.WANTED] * 4 == list(
        Output.objects.order_by("pk").values_list("status", flat=True)
    )
    assert [1] * 8 + [0] == list(Output.objects.order_by("pk").values_list("calls", flat=True))


# --- postpone ---------------------------------------------------------------------------------------------------------
def postpone_output(output, token, now):
    later = now + timedelta(seconds=9)
    return store(Output, {output.pk: postponed(next_at=later, problem="Slow down. " * 100, faults=2)}, token=token)


def test_a_postponed_row_is_wanted_later_with_its_faults_counted_and_its_problem_told(now):
    (output,) = wanted_outputs(1, now)
    claim_outputs(now)

    assert postpone_output(output, MINE, now)
    told = state(output, "next_at", "faults", "calls", "lease_token", "answered_at")
    assert (Status.WANTED, now + timedelta(seconds=9), 2, 1, None, None) == told
    assert ("Slow down. " * 100)[:500] == output.problem


def test_only_the_holder_postpones(now):
    (output,) = wanted_outputs(1, now)
    claim_outputs(now, token=MINE)

    assert not postpone_output(output, THEIRS, now)
    assert (Status.LEASED, MINE, 0) == state(output, "lease_token", "faults")


# --- sweep ------------------------------------------------------------------------------------------------------------
def test_a_lease_that_ran_out_frees_its_row_and_is_nobodys_fault(now):
    (output,) = wanted_outputs(1, now)
    claim_outputs(now)

    assert 1 == sweep(Output, now=now + LEASE + timedelta(milliseconds=1))
    told = state(output, "lease_token", "lease_until", "faults", "calls", "problem")
    assert (Status.WANTED, None, None, 0, 0, "") == told


def test_a_lease_that_still_holds_is_not_swept(now):
    (output,) = wanted_outputs(1, now)
    claim_outputs(now)

    assert 0 == sweep(Output, now=now + LEASE)
    assert (Status.LEASED, MINE) == state(output, "lease_token")


def lose(output, now, *, times):
    """Its holders die, one after the other, some time apart."""
    for n in range(1, times + 1):
        then = now + n * timedelta(hours=1)
        assert 1 == len(claim_outputs(then))
        assert 1 == sweep(Output, now=then + LEASE + timedelta(milliseconds=1))
    output.refresh_from_db()


def test_a_row_whose_workers_die_time_after_time_is_failed_with_a_reason(now, settings):
    settings.MOST_LOST_LEASES = 4
    (output,) = wanted_outputs(1, now)

    lose(output, now, times=3)
    assert (Status.WANTED, 3, "") == (output.status, output.lost, output.problem)
    lose(output, now + timedelta(days=1), times=1)

    told = state(output, "lost", "lease_token", "faults", "calls")
    assert (Status.FAILED, 4, None, 0, 0) == told
    assert output.answered_at is not None
    assert "Every worker that held it was lost" in output.problem
    assert 1 == ask_again(Output.objects.all(), now=now)
    assert (Status.WANTED, 0, "") == state(output, "lost", "problem")


def test_rows_whose_workers_died_often_are_asked_one_at_a_time(now, settings):
    settings.MOST_LOST_LEASES = 4
    first, second, calm, last = wanted_outputs(4, now)
    Output.objects.filter(pk__in=[first.pk, second.pk]).update(lost=2)

    assert [calm.pk, first.pk] == claim_outputs(now, limit=2)
    assert [last.pk] == claim_outputs(now, limit=2)  # the first is still being asked
    finish_output(first, MINE, now)
    assert [second.pk] == claim_outputs(now, limit=2)


def test_a_row_that_was_given_back_after_a_fault_has_a_worker_that_lives(now):
    (output,) = wanted_outputs(1, now)
    Output.objects.filter(pk=output.pk).update(lost=3)
    claim_outputs(now)

    postpone_output(output, MINE, now)

    assert (Status.WANTED, 0) == state(output, "lost")


# --- ask again --------------------------------------------------------------------------------------------------------
def test_asking_again_wants_what_failed_with_a_clean_slate(now):
    failed, done = wanted_outputs(2, now)
    Output.objects.filter(pk=failed.pk).update(
        status=Status.FAILED, faults=6, calls=6, problem="No.", next_at=now + LEASE
    )
    Output.objects.filter(pk=done.pk).update(status=Status.DONE)

    assert 1 == ask_again(Output.objects.all(), now=now)
    told = state(failed, "faults", "problem", "next_at", "answered_at", "calls")
    assert (Status.WANTED, 0, "", now, None, 6) == told  # the calls were made, and stay counted
    assert (Status.DONE,) == state(done)
