"""A lane that pays: the books of budget and rows agree whatever happens in whatever order."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum

from apps.budgets.models import Budget
from apps.budgets.operations import change_cap
from apps.budgets.price import NOTHING
from apps.contenders.models import Output
from apps.contenders.operations import want_outputs
from apps.endpoints.models import Endpoint
from apps.judging.models import Judgment
from apps.leases.models import Leased
from apps.leases.operations import sweep
from judgeboard.llm.errors import Lasting, RateLimited, TimedOut
from tests import stage
from tests.workers.lanes import contender_at, drain_once, judge_at
from tests.workers.scripted import json_body, scripted
from workers.lane import Asked, Lane
from workers.steps.step import Answer

pytestmark = pytest.mark.django_db

PRICED = {"usd_per_million_in": Decimal(0), "usd_per_million_out": Decimal(2)}
MAX_TOKENS = 10_000
JOB = Decimal("0.02")  # 10,000 tokens at $2 a million


def wanted(base_url, size, *, cap, **settings):
    """So many outputs of $0.02 at most, wanted at the expense of one budget."""
    budget = Budget.objects.create(cap=cap if cap is None else Decimal(cap))
    contender = contender_at(base_url, "scripted", **(PRICED | settings))
    contender.max_tokens = MAX_TOKENS
    contender.save()
    want_outputs(contenders=[contender], prompts=stage.prompt_set(size=size).prompts.all(), payer=budget)
    return budget, contender.endpoint


def using(tokens, text="Fine."):
    return json_body(text, usage={"prompt_tokens": 1, "completion_tokens": tokens, "total_tokens": tokens})


def spent(budget):
    budget.refresh_from_db()
    return budget.spent


def by_status():
    return Counter(Output.objects.values_list("status", flat=True))


# --- drained over HTTP ------------------------------------------------------------------------------------------------
def test_a_drain_stops_where_the_next_call_might_not_fit():
    with scripted(lambda asked: using(MAX_TOKENS)) as endpoint:
        budget, lane = wanted(endpoint.base_url, 9, cap="0.11")
        drain_once(lane)

        # $0.11 pays for five calls of $0.02.
        assert 5 == len(endpoint.asked)

    assert {"done": 5, "wanted": 4} == by_status()
    assert (Decimal("0.10"), True) == (spent(budget), budget.exhausted)
    assert {JOB} == set(Output.objects.done().values_list("usd", flat=True))


def test_what_calls_did_not_cost_pays_for_others():
    with scripted(lambda asked: using(MAX_TOKENS // 10)) as endpoint:
        budget, lane = wanted(endpoint.base_url, 9, cap="0.03")
        drain_once(lane)

    # Each may cost $0.02 and does cost $0.002; after six, $0.03 - $0.012 = $0.018 is too little for a seventh.
    assert {"done": 6, "wanted": 3} == by_status()
    assert (Decimal("0.012"), True) == (spent(budget), budget.exhausted)


def test_a_higher_cap_lets_the_lane_go_on():
    with scripted(lambda asked: using(MAX_TOKENS)) as endpoint:
        budget, lane = wanted(endpoint.base_url, 3, cap="0.02")
        drain_once(lane)
        change_cap(budget=budget, cap=Decimal("0.06"))
        drain_once(lane)

    assert {"done": 3} == by_status()
    assert Decimal("0.06") == spent(budget)


def test_without_a_cap_spending_is_only_counted():
    with scripted(lambda asked: using(MAX_TOKENS)) as endpoint:
        budget, lane = wanted(endpoint.base_url, 3, cap=None)
        drain_once(lane)

    assert Decimal("0.06") == spent(budget)


def test_a_provider_that_takes_more_than_its_bound_ends_it_with_the_excess_counted():
    with scripted(lambda asked: using(5 * MAX_TOKENS)) as endpoint:
        budget, lane = wanted(endpoint.base_url, 9, cap="0.05", concurrency=1)
        drain_once(lane)

        # Two are reserved for at once, since a lane looks two rounds ahead; $0.10 each is what they cost.
        assert 2 == len(endpoint.asked)

    assert Decimal("0.20") == spent(budget)


def test_a_judge_without_a_verdict_is_paid_twice():
    (match,) = stage.matches(1)
    with scripted(lambda asked: using(100, "Hm.")) as endpoint:
        judge = judge_at(endpoint.base_url, "scripted", **PRICED)
        budget = Budget.objects.create(cap=Decimal(1))
        Judgment.objects.create(judge=judge, match=match, order="ab", payer=budget)
        drain_once(judge.endpoint)

    # 2 calls x 100 tokens x $2 a million.
    assert Decimal("0.0004") == spent(budget) == Judgment.objects.get().usd


def test_an_endpoint_that_lost_its_price_is_not_asked_at_the_expense_of_a_cap():
    with scripted(lambda asked: using(1)) as endpoint:
        _, lane = wanted(endpoint.base_url, 1, cap="1", usd_per_million_out=None)
        drain_once(lane)

        assert [] == endpoint.asked

    output = Output.objects.get()
    assert ("failed", 0) == (output.status, output.usd)
    assert "No price is known for scripted, and the run that pays for this has a budget." == output.problem


def test_without_price_and_cap_it_is_asked_and_counted_as_nothing():
    with scripted(lambda asked: using(1)) as endpoint:
        budget, lane = wanted(endpoint.base_url, 1, cap=None, usd_per_million_out=None)
        drain_once(lane)

    assert ({"done": 1}, 0) == (by_status(), spent(budget))


@pytest.mark.parametrize("tokens", [10**12, 10**30, -1])
def test_senseless_usage_costs_the_bound_and_fails_at_most_its_row(tokens):
    with scripted(lambda asked: using(tokens)) as endpoint:
        budget, lane = wanted(endpoint.base_url, 1, cap="0.05")
        drain_once(lane)

    assert JOB == spent(budget) == Output.objects.get().usd


@pytest.mark.django_db(transaction=True)
def test_lanes_in_threads_of_their_own_do_not_spend_the_same_dollar():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's test database is in memory, where a second writer is refused and does not wait.")
    budget, prompts = Budget.objects.create(cap=Decimal("0.15")), stage.prompt_set(size=5)
    with scripted(lambda asked: using(MAX_TOKENS)) as endpoint:
        contenders = [contender_at(endpoint.base_url, name, **PRICED) for name in ("alder", "birch", "cedar")]
        for contender in contenders:
            contender.max_tokens = MAX_TOKENS
            contender.save()
        want_outputs(contenders=contenders, prompts=prompts.prompts.all(), payer=budget)
        with ThreadPoolExecutor(3) as threads:
            list(threads.map(_drain_on_own_connection, [contender.endpoint for contender in contenders]))

        # 15 are wanted, and $0.15 pays for seven of $0.02.
        assert 7 == len(endpoint.asked) == Output.objects.done().count()

    assert Decimal("0.14") == spent(budget)


def _drain_on_own_connection(endpoint):
    with closing(connection):
        drain_once(endpoint)


# --- any order --------------------------------------------------------------------------------------------------------
LEASE = timedelta(seconds=30)
CAP = Decimal("0.30")


class World:
    """Lanes that come, stall, die and wake up again, one after the other, on one endpoint with one budget.

    `taken`: what the provider took, for answers that were heard and for those that were not.
    """

    def __init__(self, seed, now):
        self.budget, self.endpoint = wanted("https://api.example.com/v1", 30, cap=CAP)
        self.chance = random.Random(seed)
        self.now = now + timedelta(seconds=10)
        self.taken = self.excess = NOTHING
        self.lanes, self.under_way = [], []
        self.enter()

    def enter(self):
        """A new drain takes over, its predecessor's lease having run out; that one knows nothing of it."""
        self.now += LEASE + timedelta(seconds=1)
        self.lanes.append(Lane.enter(self.endpoint.pk, self.now))

    def claim(self):
        lane = self.chance.choice(self.lanes)
        for step, question in lane.claim(self.chance.randint(1, 4), self.now):
            self.under_way.append((lane, step, question))

    def ask(self):
        """The provider is paid, whatever becomes of the answer; a drain that slept past its lease asks as well."""
        if self.under_way:
            lane, step, question = self.under_way.pop(self.chance.randrange(len(self.under_way)))
            bill = lane.purse.bill(step, question, lane.purse.begin(step, question, voice=None))
            usd = JOB * self.chance.choice([0, 1, 5, 10, 10, 13]) / 10
            self.taken += usd
            self.excess += max(NOTHING, usd - JOB)
            self.answer(lane, Asked(step, question, self.drawn(), replace(bill, usd=usd)))

    def drawn(self):
        done = Answer(Leased.Status.DONE, {"texts": ["Well."]})
        return self.chance.choice([done, done, RateLimited("Slow down."), TimedOut("Late."), Lasting("No.")])

    def answer(self, lane, asked):
        """Heard and stored, once or twice; or never, because the worker was killed."""
        for _ in range(self.chance.choice([0, 1, 1, 1, 2])):
            lane.store([asked], self.now)

    def leave(self):
        lane = self.lanes.pop(self.chance.randrange(len(self.lanes)))
        lane.leave()
        self.under_way = [one for one in self.under_way if one[0] is not lane]
        if not self.lanes:
            self.enter()

    def sweep(self):
        self.now += timedelta(seconds=self.chance.choice([1, 20, 61]))
        sweep(Output, now=self.now)

    def step(self):
        self.chance.choice([self.enter, *[self.claim] * 3, *[self.ask] * 6, self.leave, self.sweep])()


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_order_no_more_is_spent_than_the_cap_and_the_books_agree(seed, now, settings):
    settings.LEASE_SECONDS = 30
    world = World(seed, now)
    for _ in range(60):
        world.step()

        sums = Output.objects.aggregate(usd=Sum("usd"), reserved=Sum("reserved"))
        in_rows = Decimal(sums["usd"]) + Decimal(sums["reserved"])
        assert spent(world.budget) == in_rows.quantize(Decimal("1e-9"))
        assert world.budget.spent <= CAP + world.excess
        assert world.taken <= world.budget.spent + world.excess  # of an answer nobody heard, nobody knows the excess
        assert 0 <= min(Output.objects.values_list("reserved", flat=True))

    assert world.taken > 0


def test_a_drain_that_dies_counts_what_it_had_begun_as_spent_and_refunds_the_rest(now, settings):
    settings.LEASE_SECONDS = 30
    budget, endpoint = wanted("https://api.example.com/v1", 4, cap=1)
    lane = Lane.enter(endpoint.pk, now)
    (step, first), *_ = lane.claim(4, now + timedelta(seconds=5))
    assert 4 * JOB == spent(budget)

    lane.purse.begin(step, first, voice=None)
    lane.leave()

    assert JOB == spent(budget) == Output.objects.get(pk=first.key).usd
    assert Endpoint.objects.get().lane_token is None


def test_a_row_that_was_asked_postponed_and_claimed_again_is_refunded_when_it_is_not_asked_again(now, settings):
    settings.LEASE_SECONDS = 30
    budget, endpoint = wanted("https://api.example.com/v1", 1, cap=1)
    later = now + timedelta(seconds=5)
    lane = Lane.enter(endpoint.pk, later)
    ((step, question),) = lane.claim(1, later)
    bill = lane.purse.bill(step, question, lane.purse.begin(step, question, voice=None))
    lane.store([Asked(step, question, RateLimited("Slow down.", 0), bill)], later)
    lane.claim(1, later + timedelta(seconds=20))
    assert JOB == spent(budget)

    lane.leave()

    assert 0 == spent(budget)
