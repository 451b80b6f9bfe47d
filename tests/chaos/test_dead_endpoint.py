"""L5: an endpoint at which nobody is there is called a few times, then by one probe a back-off, and harms no other.

The short form is `tests/workers/test_resting_lanes.py`.
"""

import itertools
import time

import pytest
from django.db.models import Sum

from apps.contenders.models import Output
from apps.contenders.operations import want_outputs
from apps.prompts.models import Prompt
from judgeboard.llm.simulator import Options, running_simulator
from tests import stage
from tests.workers.installation import processes, start_beat, start_worker
from tests.workers.lanes import CONTENDERS, contender_at
from workers.pace import FIRST_REST_OF_STRANGERS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]

NOBODY = "http://127.0.0.1:9/v1"
SECONDS = 230  # the first rest and its two doubles end after 30, 90 and 210
PROMPTS, LATENCY, AT_ONCE = 200, 0.2, 8


def calls_of(contender) -> int:
    return Output.objects.filter(contender=contender).aggregate(calls=Sum("calls"))["calls"] or 0


def watched(dead, alive, running) -> tuple[list[float], float]:
    """When each call at the dead endpoint was over, and when the other had answered everything: seconds since the first."""
    times, healthy = [], 0.0
    while not times or time.monotonic() < times[0] + SECONDS:
        running.tend()
        now = time.monotonic()
        times += [now] * (calls_of(dead) - len(times))
        if not healthy and Output.objects.done().filter(contender=alive).count() == PROMPTS:
            healthy = now
        time.sleep(0.1)
    return [at - times[0] for at in times], healthy - times[0]


def test_L5_a_dead_endpoint_is_probed_once_a_back_off_and_harms_no_other_lane(child_environment, tmp_path, promise):
    with (
        running_simulator(Options(latency_seconds=LATENCY)) as simulator,
        processes(child_environment, tmp_path / "logs") as running,
    ):
        stage.prompt_set(size=PROMPTS)
        dead = contender_at(NOBODY, "dead", concurrency=50)
        alive = contender_at(simulator.base_url, CONTENDERS[0], concurrency=AT_ONCE)
        want_outputs(contenders=[dead, alive], prompts=Prompt.objects.all())
        start_worker(running)
        start_beat(running)
        since, healthy = watched(dead, alive, running)
        asked = simulator.counts["requests"]
    first_minute = sum(at < 60 for at in since)
    rests = [later - earlier for earlier, later in itertools.pairwise(since) if later - earlier > 5]

    promise(
        "L5",
        f"a dead endpoint, {SECONDS} s",
        must="<= 8 calls in the first minute, then one probe per back-off; others unharmed",
        shown=f"{first_minute} calls in the first minute, then rests of {', '.join(f'{rest:.0f}' for rest in rests)} s with one "
        f"probe each; {asked} answers of another lane within {max(healthy, 0):.0f} s",
    )
    assert first_minute <= 8
    assert first_minute + 2 == len(since)  # one probe after 30 s, which is in it, one after 90, one after 210
    assert all(rest >= FIRST_REST_OF_STRANGERS * 2**number - 0.5 for number, rest in enumerate(rests))
    assert 3 == len(rests)
    assert (PROMPTS, True) == (asked, healthy < 60)
