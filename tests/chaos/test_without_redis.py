"""R5: Redis is away from start to end. `manage.py work` does what is wanted, pages are served, people vote and submit."""

import signal
import socket
import sys
import time

import pytest
from django.db.models import Q

from apps.endpoints.models import Endpoint
from apps.humans.models import Vote
from apps.matches.models import Match
from apps.runs.models import Run
from judgeboard.llm.simulator import Options, running_simulator
from tests.chaos.killing import books
from tests.chaos.visitors import start_web, visitor
from tests.workers.installation import is_over, processes, wait_until_over
from tests.workers.lanes import small_run

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ("/", "/boards/small/", "/prompts/", "/judges/", "/agreement/", "/methodology/", "/runs/", "/submit/", "/vote/",
         "/healthz", "/api/boards/small/leaderboard", "/api/openapi.json")  # fmt: skip
NEWCOMER = "sim-fern"  # submitted while the others are asked


@pytest.fixture
def without_redis(child_environment):
    """The environment of an installation whose Redis does not answer: nobody listens on that port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield child_environment | {"REDIS_URL": f"redis://127.0.0.1:{taken.getsockname()[1]}/0"}


def worked(environment, logs, *, votes, **sizes):
    """The books of a run, and the answers that a visitor got meanwhile."""
    with running_simulator(Options(latency_seconds=0.2)) as simulator, processes(environment, logs) as running:
        run = small_run(simulator, **sizes)
        # Limits far away, so that Redis is asked before each call, in vain.
        Endpoint.objects.update(requests_per_minute=100_000, tokens_per_minute=100_000_000)
        work = running.start("work", sys.executable, "manage.py", "work")
        with visitor(start_web(running), "mary") as mary:
            look_around_and_vote(mary, run, running, votes=votes)
            wait_until_over(run, running, seconds=300)
            told = books(run)
            submitted = submit(mary, run, simulator)
            wait_until_over(submitted, running, seconds=120)
            mary.get(f"/runs/{submitted.pk}/")
        assert 0 == work.restarts
        work.process.send_signal(signal.SIGTERM)
        assert 0 == work.process.wait(30)
    return told, submitted, mary.answers


def look_around_and_vote(mary, run, running, *, votes) -> None:
    cast = 0
    while not is_over(run) or cast < votes:
        running.tend()
        for path in (*PAGES, f"/runs/{run.pk}/", f"/runs/{run.pk}/progress/"):
            mary.get(path)
        if cast < votes:
            cast += mary.vote("left").status_code == 302
        time.sleep(0.05)


def submit(mary, run, simulator) -> Run:
    """A model on the same prompts, against one that has answered already."""
    (judge,), (prompts,) = run.judges.all(), run.prompt_sets.all()
    chosen = {"prompt_sets": [prompts.pk], "opponents": [run.contenders.first().pk], "judges": [judge.pk]}
    answer = mary.submit(base_url=simulator.base_url, model=NEWCOMER, name="Newcomer", **chosen)
    assert 302 == answer.status_code, answer.text
    return Run.objects.get(newcomer__name="Newcomer")


def broken(answers) -> list[str]:
    return [f"{answer.status_code} {answer.request.url.path}" for answer in answers if answer.status_code >= 500]


def rows_of(run) -> tuple[int, int]:
    """Judgments that a submitted run came to, and those it is owed: both orders of each of its matches."""
    matches = Match.objects.filter(Q(output_a__contender=run.newcomer) | Q(output_b__contender=run.newcomer))
    return matches.filter(judgments__status="done").count(), 2 * matches.count()


def test_without_redis_everything_is_done_and_kept(without_redis, tmp_path):
    told, submitted, answers = worked(without_redis, tmp_path / "logs", votes=2, contenders=2, prompts=10)

    # 2 x 10 outputs, and one pair on 10 prompts in both orders.
    assert (40, 40, 0) == (told.owed, told.final, told.failed)
    assert (20, 20) == rows_of(submitted)
    assert 2 == Vote.objects.count()
    assert [] == broken(answers)


@pytest.mark.chaos
def test_R5_five_hundred_rows_without_redis(without_redis, tmp_path, promise):
    told, submitted, answers = worked(without_redis, tmp_path / "logs", votes=20, contenders=5, prompts=20)

    done, owed = rows_of(submitted)
    promise(
        "R5",
        "Redis away from start to end, manage.py work, people who look around, vote and submit",
        must="500 of 500 done, no page 5xx, votes and submissions kept",
        shown=f"{told.final} of {told.owed} done; {len(answers)} answers of the web, {len(broken(answers))} of them 5xx; "
        f"{Vote.objects.count()} of 20 votes kept; a submission with {done} of {owed} judgments",
    )
    # 5 x 20 outputs, and 10 pairs on 20 prompts in both orders.
    assert (500, 500, 0) == (told.owed, told.final, told.failed)
    assert done == owed == 40
    assert 20 == Vote.objects.count()
    assert [] == broken(answers)
