"""A leased row and its money: set aside, replaced by the true cost, given back, or counted as spent."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from apps.budgets.models import Budget
from apps.contenders.models import Output
from apps.contenders.operations import want_outputs
from apps.leases.models import Leased
from apps.leases.operations import answered, ask_again, claim, postponed, release, store, sweep
from apps.leases.payments import Reservation, reserve
from tests import stage

pytestmark = pytest.mark.django_db

LEASE = timedelta(seconds=30)
MINE, THEIRS = uuid4(), uuid4()
TEN_CENTS = Decimal("0.10")


@pytest.fixture
def budget():
    return Budget.objects.create(cap=Decimal("0.25"))


@pytest.fixture
def outputs(budget):
    """Three, wanted at the budget's expense."""
    want_outputs(contenders=[stage.contender("Alder")], prompts=stage.prompt_set(size=3).prompts.all(), payer=budget)
    return list(Output.objects.order_by("pk"))


@pytest.fixture
def later(now, outputs):
    """A moment at which they are due."""
    return now + timedelta(seconds=5)


def done(later, usd):
    return answered(status=Leased.Status.DONE, answer={}, now=later, usd=Decimal(usd))


def claimed(later, *, token=MINE, limit=3):
    return claim(Output.objects.ready(later), token=token, limit=limit, until=later + LEASE)


def reserved(keys, *, token=MINE):
    return reserve(Output, token=token, most=dict.fromkeys(keys, TEN_CENTS))


def told(row, *fields):
    row.refresh_from_db()
    return tuple(getattr(row, field) for field in fields)


def test_rows_that_do_not_fit_are_given_back_unasked(outputs, budget, later):
    first, second, third = outputs

    kept = reserved(claimed(later))

    # $0.25 pays for two calls of $0.10.
    assert {first.pk: Reservation(budget.pk, TEN_CENTS), second.pk: Reservation(budget.pk, TEN_CENTS)} == kept
    assert ("leased", TEN_CENTS) == told(second, "status", "reserved")
    assert ("wanted", None, 0, 0) == told(third, "status", "lease_token", "reserved", "calls")
    assert (Decimal("0.20"), True) == told(budget, "spent", "exhausted")


def test_rows_whose_payer_cannot_pay_are_not_ready(outputs, budget, later):
    reserved(claimed(later))

    assert not Output.objects.ready(later).exists()
    assert [outputs[2]] == list(Output.objects.stranded())
    Budget.objects.update(exhausted=False)
    assert [outputs[2]] == list(Output.objects.ready(later))
    assert not Output.objects.stranded().exists()


def test_rows_that_nobody_pays_for_are_asked_and_nothing_is_reserved(outputs, later):
    Output.objects.update(payer=None)

    assert {Reservation(None, TEN_CENTS)} == set(reserved(claimed(later)).values())
    assert (0,) == told(outputs[0], "reserved")


def test_a_row_whose_lease_is_lost_is_neither_paid_for_nor_taken_from_its_new_holder(outputs, budget, later):
    keys = claimed(later, limit=1)
    much_later = later + LEASE + timedelta(seconds=1)
    sweep(Output, now=much_later)
    claimed(much_later, token=THEIRS, limit=1)

    assert {} == reserved(keys)
    assert ("leased", THEIRS) == told(outputs[0], "status", "lease_token")
    assert (0,) == told(budget, "spent")


def test_an_answer_is_stored_with_what_it_did_cost(outputs, later):
    (key,) = reserved(claimed(later, limit=1))

    assert {key} == store(Output, {key: done(later, "0.03")}, token=MINE)
    assert (Decimal("0.03"), 0) == told(outputs[0], "usd", "reserved")


def test_what_failed_calls_did_cost_adds_up(outputs, later):
    (key,) = reserved(claimed(later, limit=1))
    fault = postponed(next_at=later, problem="No.", faults=1, usd=Decimal("0.03"))
    store(Output, {key: fault}, token=MINE)
    Output.objects.exclude(pk=key).update(next_at=later + LEASE)
    reserved(claimed(later, limit=1))

    store(Output, {key: done(later, "0.04")}, token=MINE)

    assert (Decimal("0.07"), 0) == told(outputs[0], "usd", "reserved")


def test_releasing_refunds_what_was_not_asked_and_counts_what_was_begun_as_spent(outputs, budget, later):
    first, second, _ = outputs
    reserved(claimed(later))

    assert 2 == release(Output, token=MINE, begun=[first.pk])

    assert (TEN_CENTS, 0, "wanted") == told(first, "usd", "reserved", "status")
    assert (0, 0, "wanted") == told(second, "usd", "reserved", "status")
    assert (TEN_CENTS, False) == told(budget, "spent", "exhausted")


def test_releasing_twice_refunds_once(outputs, budget, later):
    reserved(claimed(later))

    assert [2, 0] == [release(Output, token=MINE) for _ in range(2)]
    assert (0,) == told(budget, "spent")


def test_what_a_dead_worker_held_counts_as_spent(outputs, budget, later):
    reserved(claimed(later))

    assert [2, 0] == [sweep(Output, now=later + 2 * LEASE) for _ in range(2)]

    assert (TEN_CENTS, 0) == told(outputs[0], "usd", "reserved")
    assert (Decimal("0.20"),) == told(budget, "spent")


def test_whoever_asks_again_pays(outputs, budget, later):
    other = Budget.objects.create()
    Output.objects.filter(pk=outputs[0].pk).update(status=Leased.Status.FAILED)

    ask_again(Output.objects.all(), now=later, payer=other)

    assert (other, budget) == (told(outputs[0], "payer")[0], told(outputs[1], "payer")[0])


def test_whoever_wants_a_row_first_pays_for_it(outputs, budget):
    prompts = [output.prompt for output in outputs]

    want_outputs(contenders=[outputs[0].contender], prompts=prompts, payer=Budget.objects.create())

    assert {budget.pk} == set(Output.objects.values_list("payer", flat=True))
