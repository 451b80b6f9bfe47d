"""R7: PostgreSQL is stopped and started again while people vote and submit. They are told to try again, and no write is
stored by half.

Everybody tries again until it is stored, as people do; so every write must be there in the end, and once.
"""

import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from apps.contenders.models import Contender
from apps.endpoints.models import Endpoint, EndpointCheck
from apps.humans.models import Ballot, Vote
from apps.runs.models import Run
from judgeboard.llm.simulator import Options, running_simulator
from tests import stage
from tests.chaos.killing import books, wait_until_said
from tests.chaos.mortal import DATABASE
from tests.chaos.visitors import start_web, visitor
from tests.workers.installation import processes
from tests.workers.lanes import small_run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("mortal")]

VISITORS = 4
PAUSE = 0.1  # seconds before somebody tries again
AWAY = 1.0  # seconds


def restart(mortal) -> None:
    mortal.kill(DATABASE)
    time.sleep(AWAY)
    mortal.revive(DATABASE)


@pytest.fixture
def offered():
    """A board with matches to vote on and everything that a submission asks for."""
    matches = stage.matches(60)
    prompts = matches[0].prompt.prompt_set
    stage.board(prompts)
    return {
        "base_url": "https://api.example.com/v1",
        "model": "rowan-7b",
        "prompt_sets": [prompts.pk],
        "opponents": list(Contender.objects.values_list("pk", flat=True)),
        "judges": [stage.judge().pk],
    }


def write_until_stored(one, form, numbers) -> None:
    """Every third write is a submission, the others are votes."""
    for number in numbers:
        is_submission = number % 3 == 0
        while True:
            answer = one.submit(**form, name=f"Rowan {number}") if is_submission else one.vote("left")
            # A name that is taken: the submission was stored, and only its answer got lost.
            if answer.status_code == 302 or "There is a model called" in answer.text:
                break
            time.sleep(PAUSE)


def restarted_while_written(mortal, logs, form, *, writes, restarts) -> Counter[str]:
    """How often the visitors got which answer."""
    with processes(mortal.environment, logs) as running, ExitStack() as stack, ThreadPoolExecutor(VISITORS) as pool:
        origin = start_web(running)
        visitors = [stack.enter_context(visitor(origin, f"visitor-{n}")) for n in range(VISITORS)]
        writing = [pool.submit(write_until_stored, v, form, range(n, writes, VISITORS)) for n, v in enumerate(visitors)]
        for number in range(1, restarts + 1):
            wait_until_written(number * writes // (restarts + 1))
            restart(mortal)
        for one in writing:
            one.result(timeout=120)
    return Counter(_told(answer) for one in visitors for answer in one.answers)


def wait_until_written(number) -> None:
    deadline = time.monotonic() + 60
    while Vote.objects.count() + Run.objects.count() < number:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _told(answer) -> str:
    again = " with Retry-After" if "Retry-After" in answer.headers else ""
    return f"{answer.status_code}{again}"


def halves() -> int:
    """Rows that lack what is written together with them."""
    cast = set(Ballot.objects.filter(cast_at__isnull=False).values_list("voter", "match"))
    votes = set(Vote.objects.values_list("voter", "match"))
    runs = [(run.contenders.count(), run.judges.count(), run.prompt_sets.count()) for run in Run.objects.all()]
    newcomers = set(Contender.objects.filter(owner__isnull=False).values_list("pk", flat=True))
    own = set(Endpoint.objects.filter(owner__isnull=False).values_list("pk", flat=True))
    return (
        len(cast ^ votes)
        + sum(run != (3, 1, 1) for run in runs)
        + len(newcomers ^ set(Run.objects.values_list("newcomer", flat=True)))
        + len(own ^ set(Contender.objects.filter(owner__isnull=False).values_list("endpoint", flat=True)))
        + len(own ^ set(EndpointCheck.objects.values_list("endpoint", flat=True)))
    )


def stored() -> int:
    return Vote.objects.count() + Run.objects.count()


ALLOWED = {"200", "302", "503 with Retry-After"}


def test_a_restarted_database_is_told_as_such_and_leaves_no_half_rows(mortal, offered, tmp_path):
    told = restarted_while_written(mortal, tmp_path / "logs", offered, writes=40, restarts=1)

    assert told["503 with Retry-After"]
    assert set(told) <= ALLOWED
    assert 0 == halves()
    # Where the connection broke after the commit, the visitor was asked to send again what was stored already.
    assert 40 <= stored() <= 40 + told["503 with Retry-After"]


def test_the_first_requests_after_a_restart_are_answered(mortal, offered, tmp_path):
    with processes(mortal.environment, tmp_path / "logs") as running, visitor(start_web(running), "mary") as mary:
        before = [mary.get("/runs/").status_code for _ in range(8)]  # by all threads of the server
        restart(mortal)
        after = [mary.get("/runs/").status_code for _ in range(8)]

    assert 8 * [200] == before == after


def test_work_outlives_a_restart_says_so_once_and_pays_for_nothing_twice(mortal, tmp_path):
    logs, patient = tmp_path / "logs", {"LEASE_SECONDS": "30"}
    options = Options(latency_seconds=0.2)
    with running_simulator(options) as simulator, processes(mortal.environment, logs, **patient) as running:
        run = small_run(simulator, contenders=3, prompts=5)
        work = running.start("work", sys.executable, "manage.py", "work", "--until-done", "--json")
        wait_until_said(simulator, 8, run, running)
        restart(mortal)
        code = work.process.wait(120)
        told, twice = books(run), simulator.counts["repeated"]

    # 3 x 5 outputs, and 3 pairs x 5 prompts in both orders.
    assert (0, 45, 45, 0, 0) == (code, told.owed, told.final, told.failed, twice)
    log = work.log.read_text()
    assert (1, 1) == (log.count("The database is away"), log.count("The database is back"))
    assert "Traceback" not in log
    # Of what was stored when the connection broke nobody heard that it was: that is not counted.
    assert 40 <= json.loads(log.splitlines()[-1])["answered"] <= 45


@pytest.mark.chaos
def test_R7_two_hundred_writes_while_the_database_is_restarted(mortal, offered, tmp_path, promise):
    told = restarted_while_written(mortal, tmp_path / "logs", offered, writes=200, restarts=3)

    promise(
        "R7",
        "200 web writes (votes, submissions) by 4 people, PostgreSQL stopped at once and started again 3 times",
        must="only 503 with Retry-After, no half rows",
        shown=f"{stored()} stored, {halves()} half; answers: {', '.join(f'{n} x {what}' for what, n in told.items())}",
    )
    assert told["503 with Retry-After"]
    assert set(told) <= ALLOWED
    assert 0 == halves()
    assert 200 <= stored() <= 200 + told["503 with Retry-After"]
