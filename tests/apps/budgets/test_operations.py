"""Nobody spends a dollar twice, and the cap is kept to the billionth on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from decimal import Decimal

import pytest
from django.db import connection

from apps.budgets.models import Budget
from apps.budgets.operations import change_cap, reserve, settle

pytestmark = pytest.mark.django_db

TWO_CENTS = Decimal("0.02")


def budget_of(dollars, **fields) -> Budget:
    return Budget.objects.create(cap=None if dollars is None else Decimal(dollars), **fields)


def take(budget, *costs) -> int:
    paid = reserve(wanted={budget.pk: [Decimal(usd) for usd in costs]})[budget.pk]
    budget.refresh_from_db()
    return paid


def test_calls_are_paid_for_in_order_until_one_does_not_fit():
    budget = budget_of(1)

    assert 2 == take(budget, "0.50", "0.30", "0.30", "0.10")
    # The fourth would fit, but it does not overtake the third.
    assert (Decimal("0.80"), Decimal("0.30"), True) == (budget.spent, budget.refused, budget.exhausted)


def test_fifty_times_two_cents_are_exactly_a_dollar():
    budget = budget_of(1)

    # In binary floating point the fiftieth would not fit any more.
    assert [1] * 50 + [0] == [take(budget, TWO_CENTS) for _ in range(51)]
    assert Decimal(1) == budget.spent


def test_what_a_call_did_not_cost_pays_for_the_next():
    budget = budget_of("0.05")
    take(budget, "0.04", "0.04")

    settle(changes=[(budget.pk, Decimal("-0.02")), (budget.pk, Decimal("-0.01"))])
    budget.refresh_from_db()

    # 0.04 - 0.03 = 0.01, and the 0.04 that were refused fit again: 0.05.
    assert (Decimal("0.01"), False) == (budget.spent, budget.exhausted)
    assert 1 == take(budget, "0.04")


def test_a_refund_that_is_too_small_leaves_it_exhausted():
    budget = budget_of("0.05")
    take(budget, "0.04", "0.04")

    settle(changes=[(budget.pk, Decimal("-0.02"))])

    budget.refresh_from_db()
    assert (Decimal("0.02"), True) == (budget.spent, budget.exhausted)


def test_without_a_cap_everything_fits_and_is_counted():
    budget = budget_of(None)

    assert 2 == take(budget, 1000, 1000)
    assert (Decimal(2000), False) == (budget.spent, budget.exhausted)


def test_a_higher_cap_lets_it_go_on_and_a_lower_one_stops_it():
    budget = budget_of("0.01")
    take(budget, "0.01", "0.02")

    change_cap(budget=budget, cap=Decimal("0.03"))
    assert not budget.exhausted
    assert 1 == take(budget, "0.02")

    change_cap(budget=budget, cap=Decimal("0.02"))
    assert (Decimal("0.03"), True) == (budget.spent, budget.exhausted)
    assert 0 == take(budget, 0)


def test_changes_that_nobody_pays_change_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        settle(changes=[(None, Decimal(1)), (404, Decimal(0))])


def test_a_budget_that_is_gone_pays_for_nothing():
    assert {} == reserve(wanted={404: [TWO_CENTS]})
    settle(changes=[(404, TWO_CENTS)])


@pytest.fixture
def many_writers():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's test database is in memory, where a second writer is refused and does not wait.")


@pytest.mark.django_db(transaction=True)
def test_takers_on_their_own_connections_never_take_more_than_there_is(many_writers):
    budget, start = budget_of(1), threading.Barrier(6)

    def take_until_it_is_spent():
        with closing(connection):
            start.wait()
            return sum(iter(lambda: take(Budget(pk=budget.pk), TWO_CENTS, TWO_CENTS, TWO_CENTS), 0))

    with ThreadPoolExecutor(6) as threads:
        taken = [one.result() for one in [threads.submit(take_until_it_is_spent) for _ in range(6)]]

    budget.refresh_from_db()
    assert (50, Decimal(1), True) == (sum(taken), budget.spent, budget.exhausted)


@pytest.mark.django_db(transaction=True)
def test_two_who_pay_from_both_of_two_budgets_do_not_wait_for_each_other_for_ever(many_writers):
    first, second, start = budget_of(None), budget_of(None), threading.Barrier(4)

    def pay(pair):
        with closing(connection):
            start.wait()
            for _ in range(25):
                settle(changes=[(budget.pk, TWO_CENTS) for budget in pair])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(pay, [(first, second), (second, first)] * 2, timeout=60))

    # 4 x 25 x $0.02 each.
    assert {Decimal(2)} == set(Budget.objects.values_list("spent", flat=True))
