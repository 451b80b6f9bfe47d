"""A run with a budget: refused where it could not be kept, stopped where it is spent, and going on where it is raised."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from apps.budgets.models import Budget
from apps.budgets.operations import change_cap
from apps.contenders.models import Output
from apps.endpoints.models import Endpoint
from apps.judging.models import Judgment
from apps.runs.models import Run
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


@pytest.fixture
def wish():
    """Two models on two prompts by one judge, everybody priced: 4 outputs and 4 judgments."""
    return stage.priced_wish(2)


def started(wish, now, *, usd=None, **fields) -> Run:
    run = create_run(**wish, budget_usd=usd if usd is None else Decimal(usd), **fields)
    plan_run(run=run, now=now)
    return run


def exhaust(run):
    Budget.objects.filter(pk=run.budget.pk).update(spent=run.budget.cap, refused=1, exhausted=True)


def payers(model=Output):
    return set(model.objects.values_list("payer", flat=True))


def status(run):
    return run_progress(run).status


# --- may it start? ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("usd", ["0", "-1"])
def test_a_budget_that_pays_for_nothing_is_refused(wish, usd):
    with pytest.raises(RunCannotStart, match=rf"A budget of \${usd} pays for nothing; expected more than \$0\."):
        create_run(**wish, budget_usd=Decimal(usd))

    assert (0, 0) == (Run.objects.count(), Budget.objects.count())


@pytest.mark.parametrize("who", ["Birch", "Strict"])
@pytest.mark.parametrize("half", ["usd_per_million_in", "usd_per_million_out"])
def test_with_a_budget_everybody_who_is_asked_needs_a_price(wish, who, half):
    found = next(one for one in (*wish["contenders"], *wish["judges"]) if one.name == who)
    setattr(found.endpoint, half, None)

    with pytest.raises(RunCannotStart, match=f"No price is known for {who}"):
        create_run(**wish, budget_usd=Decimal(5))
    assert create_run(**wish).budget.cap is None


def test_whoever_is_not_asked_needs_no_price(wish):
    stranger = stage.contender("Cedar", endpoint=True)
    stranger.endpoint.owner = User.objects.create_user("john")
    wish["contenders"] += [stage.contender("Imported"), stranger]

    assert Decimal(5) == create_run(**wish, owner=User.objects.create_user("mary"), budget_usd=Decimal(5)).budget.cap


def test_a_price_of_nothing_is_a_price(wish):
    for one in wish["contenders"]:
        one.endpoint.usd_per_million_in = one.endpoint.usd_per_million_out = Decimal(0)

    assert create_run(**wish, budget_usd=Decimal("0.01")).budget is not None


# --- who pays ---------------------------------------------------------------------------------------------------------
def test_a_run_pays_for_what_it_wants(wish, now):
    run = started(wish, now, usd=5)

    assert {run.budget.pk} == payers() == payers(Judgment)


def test_what_an_earlier_run_wanted_first_it_goes_on_paying_for(wish, now):
    first = started(wish, now, usd=5)
    started(wish, now, usd=7)

    assert {first.budget.pk} == payers() == payers(Judgment)


def test_a_later_run_takes_over_what_an_earlier_one_can_pay_for_no_more(wish, now):
    first = started(wish, now, usd=5)
    exhaust(first)
    Output.objects.filter(contender__name="Alder").update(status="done")

    second = started(wish, now, usd=7)

    assert {first.budget.pk} == set(Output.objects.done().values_list("payer", flat=True))  # that is paid already
    assert {second.budget.pk} == set(Output.objects.wanted().values_list("payer", flat=True))
    assert {second.budget.pk} == payers(Judgment)


def test_a_run_that_waits_for_one_that_ran_out_takes_over_before_it_is_given_up(wish, now):
    first, second = started(wish, now, usd=5), started(wish, now, usd=7)
    exhaust(first)

    assert not settle_run(run=second, now=now)

    assert {second.budget.pk} == payers()
    assert RunStatus.QUEUED == status(second)


def test_nobody_takes_over_what_is_asked_with_a_strangers_key(wish, now):
    john, mary = User.objects.create_user("john"), User.objects.create_user("mary")
    Endpoint.objects.filter(name="Birch").update(owner=john)
    wish["contenders"][1].endpoint.refresh_from_db()
    first = started(wish, now, usd=5, owner=john)
    exhaust(first)

    second = started(wish, now, usd=7, owner=mary)

    told = dict(Output.objects.values_list("contender__name", "payer"))
    assert {"Alder": second.budget.pk, "Birch": first.budget.pk} == told


def test_a_cancelled_run_stops_paying_for_what_others_want_too(wish, now):
    first, second = started(wish, now, usd=5), started(wish, now, usd=7)
    Output.objects.filter(contender__name="Alder").update(status="done", payer=first.budget)

    cancel_run(run=first, now=now)

    assert {second.budget.pk} == set(Output.objects.wanted().values_list("payer", flat=True)) == payers(Judgment)


def test_what_failed_is_asked_again_at_the_expense_of_who_asks(wish, now):
    started(wish, now, usd=5)
    second = started(wish, now, usd=7)
    Output.objects.update(status="failed")

    retry_failed(run=second, now=now)

    assert {second.budget.pk} == payers()


# --- spent ------------------------------------------------------------------------------------------------------------
def test_a_run_whose_money_is_spent_says_so_and_settles(wish, now):
    run = started(wish, now, usd=5)
    assert RunStatus.QUEUED == status(run)
    exhaust(run)

    assert RunStatus.OUT_OF_BUDGET == status(run)
    assert settle_run(run=run, now=now)
    assert not Run.objects.active().exists()


def test_it_has_not_stopped_while_a_call_is_under_way_that_may_cost_less(wish, now):
    run = started(wish, now, usd=5)
    exhaust(run)
    Output.objects.filter(pk=Output.objects.first().pk).update(status="leased")

    assert RunStatus.QUEUED != status(run) != RunStatus.OUT_OF_BUDGET
    assert not settle_run(run=run, now=now)


def test_a_run_that_answered_all_with_its_last_cent_is_done(wish, now):
    run = started(wish, now, usd=5)
    Output.objects.update(status="done")
    Judgment.objects.update(status="done", outcome="tie")
    Budget.objects.update(spent=5)

    assert RunStatus.DONE == status(run)


def test_a_raised_budget_lets_the_run_go_on(wish, now):
    run = started(wish, now, usd=5)
    exhaust(run)
    settle_run(run=run, now=now)

    change_budget(run=run, usd=Decimal(7))

    assert (RunStatus.QUEUED, None) == (status(run), run.finished_at)
    assert Decimal(7) == Budget.objects.get().cap


@pytest.mark.parametrize("usd", ["0", "-3"])
def test_a_senseless_budget_changes_nothing(wish, now, usd):
    run = started(wish, now, usd=5)

    with pytest.raises(RunCannotStart, match="expected more than"):
        change_budget(run=run, usd=Decimal(usd))
    assert Decimal(5) == Budget.objects.get().cap


def test_a_run_from_before_there_were_budgets_can_be_given_one(wish, now):
    run = started(wish, now)
    Run.objects.update(budget=None)
    run.refresh_from_db()

    change_budget(run=run, usd=Decimal(7))

    assert Decimal(7) == Run.objects.get().budget.cap


def test_lowering_the_cap_stops_what_is_spent_already(wish, now):
    run = started(wish, now, usd=5)
    Budget.objects.update(spent=3)

    change_cap(budget=run.budget, cap=Decimal(2))

    assert RunStatus.OUT_OF_BUDGET == status(run)
