"""L4: a cap of $1.00, 200 jobs of $0.02, a worker that is killed again and again: never over $1.00, and the stop shown.

The provider keeps its own books: every answer it gave at $0.02, heard or not. The short form runs with all tests.
"""

import time
from decimal import Decimal

import pytest
from django.test import Client

from apps.budgets.models import Budget
from apps.contenders.models import Output
from apps.endpoints.models import Endpoint
from apps.runs.models import Run
from apps.runs.operations import create_run, plan_run
from apps.runs.queries import run_progress
from tests import stage
from tests.chaos.killing import kill
from tests.workers.installation import ends_of_logs, is_over, processes, start_beat, start_worker, wait_until_over
from tests.workers.lanes import contender_at, judge_at
from tests.workers.scripted import json_body, scripted

pytestmark = pytest.mark.django_db(transaction=True)

MAX_TOKENS = 10_000
JOB = Decimal("0.02")  # 10,000 tokens written at $2 a million; what is read is free
SHOWN_WITHIN = 2.0  # seconds


def answer(asked):
    """A model writes as much as it may, a judge a hundred tokens."""
    time.sleep(0.1)
    text, written = ("[[A]]", 100) if asked["model"] == "strict" else ("Well.", MAX_TOKENS)
    return json_body(text, usage={"prompt_tokens": 1, "completion_tokens": written, "total_tokens": written})


def taken(endpoint) -> Decimal:
    """Dollars, by the provider's own books: for every answer that it gave."""
    judged = sum(asked["model"] == "strict" for asked in endpoint.asked)
    return (len(endpoint.asked) - judged) * JOB + judged * JOB / 100


def run_with_budget(base_url, now, *, jobs, usd) -> Run:
    """Two models on so many prompts, and a judge of what both have answered."""
    priced = {"usd_per_million_in": Decimal(0), "usd_per_million_out": Decimal(2), "concurrency": 2}
    contenders = [contender_at(base_url, name, **priced) for name in ("alder", "birch")]
    for contender in contenders:
        contender.max_tokens = MAX_TOKENS
        contender.save()
    prompts = stage.prompt_set(size=jobs // 2)
    run = create_run(
        board=stage.board(prompts),
        prompt_sets=[prompts],
        contenders=contenders,
        judges=[judge_at(base_url, "strict", **priced)],
        budget_usd=Decimal(usd),
    )
    plan_run(run=run, now=now)
    return run


def wait_for_calls(endpoint, number, run, running):
    deadline = time.monotonic() + 60
    while len(endpoint.asked) < number and not is_over(run):
        assert time.monotonic() < deadline, ends_of_logs(running)
        running.tend()
        time.sleep(0.02)


def seconds_until_shown(run, running) -> float:
    """From the moment at which nobody can be asked any more (the rows say so) to the page that tells."""
    wait_until_over(run, running, seconds=60)
    stopped = time.monotonic()
    while "Out of budget" not in Client().get(f"/runs/{run.pk}/progress/").content.decode():
        assert time.monotonic() < stopped + 10
    return time.monotonic() - stopped


def killed_run(child_environment, logs, now, *, jobs, usd, kills, calls_between):
    """The figures of a run whose only worker is killed so often, each time while calls are under way."""
    with scripted(answer) as endpoint, processes(child_environment, logs) as running:
        run = run_with_budget(endpoint.base_url, now, jobs=jobs, usd=usd)
        worker = start_worker(running, concurrency=2)
        start_beat(running)
        killed = held = 0
        for number in range(1, kills + 1):
            wait_for_calls(endpoint, number * calls_between, run, running)
            held += Output.objects.leased().count()
            kill(worker)
            killed += 1
            worker.restarts = 0  # it did not end by itself
            assert Budget.objects.get().spent <= Decimal(usd)
        shown = seconds_until_shown(run, running)
        calls_then = len(endpoint.asked)
        time.sleep(2)  # and nothing more is asked
        assert calls_then == len(endpoint.asked)
    budget = Budget.objects.get()
    return run, {
        "cap": budget.cap,
        "counted as spent": budget.spent,
        "taken by the provider": taken(endpoint),
        "jobs answered": Output.objects.done().count(),
        "worker kills": killed,
        "rows held when killed": held,
        "seconds until shown": round(shown, 2),
    }


def check(run, figures, *, usd):
    assert figures["taken by the provider"] <= figures["counted as spent"] <= Decimal(usd)
    # It stopped because no further job fits, and not before.
    assert Decimal(usd) - figures["counted as spent"] < JOB
    assert "Out of budget" == run_progress(run).status
    assert figures["seconds until shown"] <= SHOWN_WITHIN
    assert figures["jobs answered"] * JOB <= figures["taken by the provider"]
    assert not Output.objects.leased().exists()
    assert not Endpoint.objects.exclude(lane_token=None).exists()


def test_a_killed_worker_never_spends_more_than_the_budget(child_environment, tmp_path, now):
    run, figures = killed_run(child_environment, tmp_path / "logs", now, jobs=40, usd="0.30", kills=1, calls_between=4)

    check(run, figures, usd="0.30")


@pytest.mark.chaos
def test_L4_a_dollar_two_hundred_jobs_of_two_cents_and_five_kills(child_environment, tmp_path, now, promise):
    run, figures = killed_run(child_environment, tmp_path / "logs", now, jobs=200, usd="1.00", kills=5, calls_between=6)

    promise(
        "L4",
        f"a cap of $1.00, 200 jobs of ${JOB}, {figures['worker kills']} kills",
        must=f"never over $1.00, stop shown <= {SHOWN_WITHIN:g} s",
        shown=f"${figures['counted as spent']} counted, ${figures['taken by the provider']} taken by the provider; "
        f"stop shown after {figures['seconds until shown']} s",
    )
    assert 5 == figures["worker kills"]
    check(run, figures, usd="1.00")
