"""Where the money went, from the books of budgets and rows."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from apps.budgets.models import Budget
from apps.contenders.models import Output
from apps.runs.models import Run
from apps.runs.spend import Spend, by_day, by_judge, by_run, by_submitter
from tests import stage

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = datetime(2026, 3, 2, 23, 59, tzinfo=UTC), datetime(2026, 3, 3, 0, 1, tzinfo=UTC)


@pytest.fixture
def judged():
    """Two answers of 1 and 2 cents on Monday; three verdicts of a tenth of a cent each on Tuesday."""
    (match,) = stage.matches(1)
    Output.objects.filter(pk=match.output_a_id).update(usd=Decimal("0.01"), answered_at=MONDAY)
    Output.objects.filter(pk=match.output_b_id).update(usd=Decimal("0.02"), answered_at=MONDAY)
    judges = [stage.judge(), stage.judge("lenient"), stage.judge(version=2)]
    for judge in judges:
        stage.judgment(judge, match, usd=Decimal("0.001"), answered_at=TUESDAY)
    stage.judgment(judges[0], match, "ba", usd=Decimal("0.005"), answered_at=TUESDAY)
    return match


def run_of(owner, spent, cap=None):
    budget = Budget.objects.create(spent=Decimal(spent), cap=cap if cap is None else Decimal(cap))
    board = stage.board(slug=f"board-{budget.pk}")
    return Run.objects.create(board=board, owner=owner, budget=budget)


@pytest.fixture
def runs():
    mary = User.objects.create_user("mary")
    return [run_of(mary, "0.10", 5), run_of(None, "0.25"), run_of(mary, "0.20")]


def said(*words):
    out = StringIO()
    call_command("spend", *words, stdout=out)
    return out.getvalue().splitlines()


def test_by_run_newest_first_with_its_cap(runs):
    first, second, third = runs

    expected = [
        Spend(f"run {third.pk}", Decimal("0.20")),
        Spend(f"run {second.pk}", Decimal("0.25")),
        Spend(f"run {first.pk}", Decimal("0.10"), Decimal(5)),
    ]
    assert expected == by_run()


def test_by_submitter_dearest_first(runs):
    assert [Spend("mary", Decimal("0.30")), Spend("(nobody)", Decimal("0.25"))] == by_submitter()


def test_by_judge_each_version_by_itself(judged):
    # Strict judged twice: 0.001 + 0.005.
    told = {one.name: one.usd for one in by_judge()}
    assert {"Strict": Decimal("0.006"), "Lenient": Decimal("0.001"), "Strict v2": Decimal("0.001")} == told
    assert "Strict" == by_judge()[0].name


def test_by_day_in_utc_newest_first(judged):
    # Tuesday: 3 x 0.001 + 0.005; Monday: 0.01 + 0.02.
    assert [Spend("2026-03-03", Decimal("0.008")), Spend("2026-03-02", Decimal("0.03"))] == by_day()


def test_what_failed_calls_of_open_rows_did_cost_is_not_forgotten(judged):
    Output.objects.filter(pk=judged.output_a_id).update(status="wanted", answered_at=None)

    assert Spend("not answered yet", Decimal("0.01")) == by_day()[0]


def test_the_command_says_it_in_lines(runs):
    assert f"$0.1000  run {runs[0].pk}, of $5.00" == said()[-1]
    assert ["$0.3000  mary", "$0.2500  (nobody)"] == said("--by", "submitter")


def test_the_command_says_it_as_json_with_every_digit(runs):
    expected = {"run": f"run {runs[0].pk}", "usd": "0.100000000", "cap": "5.000000000"}
    assert expected == json.loads(said("--json")[-1])
    assert {"submitter", "usd"} == set(json.loads(said("--json", "--by", "submitter")[0]))


def test_the_command_says_that_nothing_was_spent():
    assert ["Nothing was spent yet."] == said("--by", "day")
    assert [] == said("--by", "day", "--json")
