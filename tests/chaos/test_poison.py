"""R12: a question that kills whoever asks it is failed with a reason in the end, and takes nobody else's answer along."""

import time

import pytest

from apps.contenders.models import Output
from apps.contenders.operations import want_outputs
from tests import stage
from tests.chaos.killing import kill
from tests.workers.installation import ends_of_logs, processes, start_beat, start_worker
from tests.workers.lanes import contender_at
from tests.workers.scripted import as_text, scripted
from workers import conductor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]

DEATHS, QUESTIONS = 4, 40


def wait_until_nothing_is_open(running):
    deadline = time.monotonic() + 240
    while conductor.anything_open():
        assert time.monotonic() < deadline, ends_of_logs(running)
        running.tend()
        time.sleep(0.2)


def test_R12_a_question_that_kills_its_workers_is_failed_and_the_others_are_answered(
    child_environment, tmp_path, promise
):
    prompts = list(stage.prompt_set(size=QUESTIONS).prompts.all())
    poison = prompts[QUESTIONS // 2]
    deaths = []

    def answer(asked):
        if poison.messages[0]["content"] in as_text(asked):
            deaths.append(worker)
            kill(worker)
        return "Well."

    patience = {"MOST_LOST_LEASES": str(DEATHS)}
    with scripted(answer) as endpoint, processes(child_environment, tmp_path / "logs", **patience) as running:
        want_outputs(contenders=[contender_at(endpoint.base_url, "model")], prompts=prompts)
        worker = start_worker(running)
        start_beat(running)
        wait_until_nothing_is_open(running)

    failed = Output.objects.get(prompt=poison)
    others = Output.objects.exclude(prompt=poison)
    promise(
        "R12",
        f"a question that kills its worker each time, among {QUESTIONS}",
        must=f"failed with its reason after {DEATHS} workers, all others answered",
        shown=f"{failed.status} after {len(deaths)}; {others.done().count()} of {QUESTIONS - 1} answered",
    )
    assert ("failed", DEATHS, DEATHS) == (failed.status, failed.lost, len(deaths))
    assert "Every worker that held it was lost" in failed.problem
    assert QUESTIONS - 1 == others.done().count()
