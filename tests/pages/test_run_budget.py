"""What the page of a run says about money, and what its owner can do about it."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client

from apps.budgets.models import Budget
from apps.contenders.models import Output
from apps.endpoints.models import Endpoint
from apps.runs.models import Run
from apps.runs.operations import create_run, plan_run, settle_run
from tests import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def mary():
    return User.objects.create_user("mary")


@pytest.fixture
def run(mary, now) -> Run:
    """Mary's: two models on two prompts, everybody priced, $5 at most."""
    found = create_run(**stage.priced_wish(2), owner=mary, budget_usd=Decimal(5))
    plan_run(run=found, now=now)
    return found


@pytest.fixture
def door(client, mary) -> Client:
    client.force_login(mary)
    return client


def words(client, url) -> str:
    """The text of the page, on one line."""
    return " ".join(client.get(url).content.decode().split())


def out_of_budget(run, now):
    Budget.objects.update(spent=Decimal("4.99"), refused=1, exhausted=True)
    settle_run(run=run, now=now)


def test_the_page_says_how_much_of_the_budget_is_spent_and_how_much_set_aside(client, run):
    Budget.objects.update(spent=Decimal("1.25"))
    Output.objects.filter(pk=Output.objects.first().pk).update(status="leased", reserved=Decimal("0.0304"))

    html = words(client, f"/runs/{run.pk}/progress/")

    assert 'Spent <span class="num">$1.25</span> of <span class="num">$5.00</span>' in html
    assert 'of which <span class="num">$0.0304</span> is set aside for calls under way.' in html


def test_what_others_set_aside_is_not_counted_as_the_runs(client, run):
    other = Budget.objects.create()
    Output.objects.filter(pk=Output.objects.first().pk).update(status="leased", reserved=Decimal("0.03"), payer=other)

    assert "set aside for calls" not in words(client, f"/runs/{run.pk}/progress/")


def test_without_a_cap_spending_is_told_once_there_is_any(client, run):
    Budget.objects.update(cap=None)
    assert "Spent" not in words(client, f"/runs/{run.pk}/")

    Budget.objects.update(spent=Decimal("0.5"))

    assert 'Spent <span class="num">$0.50</span>.' in words(client, f"/runs/{run.pk}/")


def test_a_run_from_before_there_were_budgets_has_a_page(client, run):
    Run.objects.update(budget=None)

    assert "Spent" not in words(client, f"/runs/{run.pk}/")
    assert f"Run {run.pk}" in words(client, "/runs/")


def test_a_run_that_is_out_of_budget_says_so_at_once_and_offers_more_to_its_owner(door, run, now):
    out_of_budget(run, now)

    html = words(door, f"/runs/{run.pk}/")

    assert ">Out of budget<" in html
    assert "a higher budget lets the run go on" in html
    assert "Raise it and go on" in html
    assert 'value="5.00"' in html
    assert "Raise it and go on" not in words(Client(), f"/runs/{run.pk}/")
    assert '<span class="run-state warn">Out of budget</span>' in words(door, "/runs/")


def test_a_higher_budget_lets_it_go_on(door, run, now):
    out_of_budget(run, now)

    answer = door.post(f"/runs/{run.pk}/budget/", {"budget_usd": "7.50"}, follow=True)

    html = answer.content.decode()
    assert "The budget is $7.50 now." in html
    assert ">Queued<" in html
    assert [run] == list(Run.objects.active())


@pytest.mark.parametrize(
    ("usd", "sentence"),
    [
        ("", "This field is required."),
        ("0", "greater than or equal to 0.01"),
        ("much", "Enter a number."),
        ("-3", "0.01"),
    ],
)
def test_a_senseless_budget_is_refused_at_its_field(door, run, usd, sentence):
    answer = door.post(f"/runs/{run.pk}/budget/", {"budget_usd": usd})

    assert 400 == answer.status_code
    assert sentence in answer.content.decode()
    assert Decimal(5) == Budget.objects.get().cap


def test_a_budget_that_cannot_be_kept_is_refused_with_the_name_of_who_has_no_price(door, run):
    Endpoint.objects.filter(name="Birch").update(usd_per_million_in=None)

    answer = door.post(f"/runs/{run.pk}/budget/", {"budget_usd": "7"})

    assert 400 == answer.status_code
    assert "No price is known for Birch" in answer.content.decode()


def test_money_costs_the_page_no_further_questions(client, run, django_assert_num_queries):
    # As pinned in test_runs.py, but for the check: this run has no newcomer.
    with django_assert_num_queries(17):
        client.get(f"/runs/{run.pk}/progress/")
