"""L1: a provider of which three calls in ten go wrong in every way, and models that nobody knows."""

import time

import pytest
from django.utils import timezone

from apps.contenders.models import Output
from apps.contenders.operations import want_outputs
from apps.endpoints.models import Endpoint
from apps.judging.models import Judgment
from apps.prompts.models import Prompt
from apps.runs.operations import plan_run
from judgeboard.llm.simulator import Faults, Options, running_simulator
from tests.workers.lanes import contender_at, drain_until_final, small_run

pytestmark = pytest.mark.django_db


def asked_through_faults(*, contenders: int, prompts: int) -> dict[str, float]:
    """Every answer and verdict of a run, beside as many outputs of a model that the endpoint does not know."""
    faults = Faults.mixed(0.3, retry_after_seconds=1, hang_seconds=30)
    began = time.monotonic()
    with running_simulator(Options(seed=1, faults=faults)) as simulator:
        run = small_run(simulator, contenders=contenders, prompts=prompts)
        unknown = contender_at(simulator.base_url, "nobody")
        plan_run(run=run, now=timezone.now())
        want_outputs(contenders=[unknown], prompts=Prompt.objects.all())
        Endpoint.objects.update(concurrency=32, deadline=2)
        drain_until_final(*Endpoint.objects.all(), rounds=100)
        counts = simulator.counts
    lasting = counts["by_result"]["not_found"]
    jobs = [*Output.objects.exclude(contender=unknown), *Judgment.objects.all()]
    return {
        "jobs": len(jobs),
        "final": sum(job.answered_at is not None for job in jobs),
        "failed": sum(job.status == "failed" for job in jobs),
        "calls a job": (counts["requests"] - lasting) / len(jobs),
        "share of faults": 1 - counts["by_result"]["ok"] / (counts["requests"] - lasting),
        "lasting errors": Output.objects.filter(contender=unknown, status="failed", calls=1).count(),
        "retries on them": lasting - unknown.outputs.count(),
        "seconds": time.monotonic() - began,
    }


def check(figures, *, jobs, lasting):
    assert (jobs, jobs) == (figures["jobs"], figures["final"])
    assert 0.2 <= figures["share of faults"] <= 0.4
    assert figures["calls a job"] <= 1.6
    assert (lasting, 0) == (figures["lasting errors"], figures["retries on them"])


def test_three_calls_in_ten_may_go_wrong():
    # 2 x 6 outputs, 6 matches in both orders
    check(asked_through_faults(contenders=2, prompts=6), jobs=24, lasting=6)


@pytest.mark.chaos
def test_L1_a_thousand_jobs_through_thirty_per_cent_of_faults(promise):
    # 5 x 40 outputs, 10 pairs x 40 prompts x 2 orders
    figures = asked_through_faults(contenders=5, prompts=40)
    promise(
        "L1",
        f"{figures['share of faults']:.0%} mixed faults, {figures['jobs']:,} jobs, {figures['lasting errors']} lasting errors",
        must="1,000 final, <= 1.6 calls a job, 0 retries on lasting errors",
        shown=f"{figures['final']:,} final, {figures['failed']} of them failed after 6 faults; {figures['calls a job']:.2f} calls "
        f"a job, {figures['retries on them']} retries on lasting errors; {figures['seconds']:.0f} s",
    )
    check(figures, jobs=1000, lasting=40)
