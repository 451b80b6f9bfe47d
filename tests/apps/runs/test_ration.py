"""Runs of visitors are rationed where they spend the site's money."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from apps.budgets.models import Budget
from apps.runs.models import Run
from apps.runs.operations import RunCannotStart, cancel_run, change_budget, create_run
from apps.runs.ration import ration_left
from tests import stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def five_dollars_a_day(settings):
    settings.VISITOR_DOLLARS_A_DAY = Decimal(5)


@pytest.fixture
def wish():
    """Two models of the site's on two prompts by one judge, everybody priced."""
    return stage.priced_wish(2)


@pytest.fixture
def mary():
    return User.objects.create_user("mary")


def begun(wish, owner, usd=None) -> Run:
    return create_run(**wish, owner=owner, budget_usd=None if usd is None else Decimal(usd))


def left(owner):
    return ration_left(owner, now=timezone.now())


def test_a_run_without_a_budget_gets_all_that_is_left(wish, mary):
    begun(wish, mary, "1.50")

    assert Decimal("3.50") == begun(wish, mary).budget.cap
    assert 0 == left(mary)


def test_a_budget_beyond_what_is_left_is_refused(wish, mary):
    begun(wish, mary, 3)

    with pytest.raises(RunCannotStart, match=r"Your runs may spend \$5\.00 in 24 hours; of that \$2\.00 are left\."):
        begun(wish, mary, "2.01")
    assert 1 == Run.objects.count() == Budget.objects.count()


def test_where_nothing_is_left_no_run_starts(wish, mary):
    begun(wish, mary)

    with pytest.raises(RunCannotStart, match=r"of that \$0\.00 are left"):
        begun(wish, mary)


def test_each_visitor_has_a_ration(wish, mary):
    begun(wish, mary)

    assert Decimal(5) == begun(wish, User.objects.create_user("john")).budget.cap


@pytest.mark.parametrize("who", ["a maintainer", "the command line"])
def test_maintainers_are_not_rationed(wish, who):
    owner = User.objects.create_user("boss", is_staff=True) if who == "a maintainer" else None

    assert (None, Decimal(80)) == (begun(wish, owner).budget.cap, begun(wish, owner, 80).budget.cap)


def test_without_the_setting_nobody_is(wish, mary, settings):
    settings.VISITOR_DOLLARS_A_DAY = None

    assert (None, Decimal(80)) == (begun(wish, mary).budget.cap, begun(wish, mary, 80).budget.cap)


def test_what_the_site_pays_nothing_for_is_not_rationed(wish, mary):
    for one in (*wish["contenders"], *wish["judges"]):
        one.endpoint.usd_per_million_in = one.endpoint.usd_per_million_out = None

    assert begun(wish, mary).budget.cap is None


def test_nor_is_what_visitors_pay_themselves(wish, mary):
    for one in (*wish["contenders"], *wish["judges"]):
        one.endpoint.owner = mary

    assert begun(wish, mary).budget.cap is None


def test_a_model_without_a_price_cannot_be_held_to_a_ration(wish, mary):
    wish["contenders"][0].endpoint.usd_per_million_in = None

    with pytest.raises(RunCannotStart, match="No price is known for Alder"):
        begun(wish, mary)


def test_a_day_later_all_is_there_again(wish, mary):
    run = begun(wish, mary)
    Run.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(hours=25))

    assert 5 == left(mary)


# Of $5 a run of $4 that spent $0.25 leaves 1, for it may be asked again; once it is cancelled, 4.75.
def test_only_a_cancelled_run_gives_back_what_it_did_not_spend(wish, mary, now):
    run = begun(wish, mary, 4)
    Budget.objects.filter(pk=run.budget.pk).update(spent=Decimal("0.25"))
    Run.objects.filter(pk=run.pk).update(finished_at=now)
    ended = left(mary)
    Run.objects.filter(pk=run.pk).update(finished_at=None)
    cancel_run(run=run, now=now)

    assert (Decimal(1), Decimal("4.75")) == (ended, left(mary))


def test_a_run_may_be_given_what_the_others_leave(wish, mary):
    run = begun(wish, mary, 1)
    begun(wish, mary, 2)

    change_budget(run=run, usd=Decimal(3), by=mary)
    with pytest.raises(RunCannotStart, match=r"of that \$3\.00 are left"):
        change_budget(run=run, usd=Decimal("3.01"), by=mary)

    assert Decimal(3) == Run.objects.get(pk=run.pk).budget.cap


def test_a_maintainer_may_give_a_run_more(wish, mary):
    run = begun(wish, mary, 1)

    change_budget(run=run, usd=Decimal(50), by=User.objects.create_user("boss", is_staff=True))

    assert (Decimal(50), 0) == (run.budget.cap, left(mary))
