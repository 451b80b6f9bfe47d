"""The main job with nothing but this repository: simulator, workers and web started, models compared, board shown."""

import json
import sys
import time
from dataclasses import asdict
from typing import Any

import httpx
from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.utils import timezone

from apps.ratings.models import Board
from apps.ratings.operations import refit_board
from apps.runs.models import Run
from workers.demo.environment import enter
from workers.demo.people import let_people_vote
from workers.demo.prepare import PEOPLE, prepare
from workers.demo.progress import Bars
from workers.demo.summary import summarise
from workers.demo.visitor import VISITOR, visitor_password
from workers.figures import draw_now
from workers.processes import Processes, end_like_interrupted, free_port, start_site, wait_for_line

SIMULATOR_LATENCY = "0.03"  # seconds: enough to see the bars move
AT_MOST = 1800.0  # seconds, after which a demo that does not end says so


class Command(BaseCommand):
    help = "Runs simulated models over the built-in prompt sets and shows the board; needs no key and no server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when the board is there, with one line of JSON")
        parser.add_argument("--fresh", action="store_true", help="forget what an earlier demo left")
        parser.add_argument("--port", type=int, default=8000, help="port of the web pages, if it is free")

    def handle(self, *args: Any, once: bool, fresh: bool, port: int, **options: Any) -> None:
        enter(fresh=fresh)
        end_like_interrupted()
        call_command("migrate", verbosity=0)
        with Processes(settings.VAR_DIR / "logs") as processes:
            try:
                self._run(processes, port, once)
            except KeyboardInterrupt:
                self._say("Ending; `make demo` goes on where it was left.")

    def _run(self, processes: Processes, port: int, once: bool) -> None:
        started = time.monotonic()
        base_url = self._start_simulator(processes)
        models = _served(base_url)
        runs = prepare(base_url=base_url, models=models)
        port = free_port(port)
        start_site(processes, port=port)
        self._say(f"judgeboard is at http://127.0.0.1:{port}/ (the run: /runs/{runs[0].pk}/). Logs: {processes.logs}")
        self._wait(processes, runs)
        board = runs[0].board
        votes = let_people_vote(board, base_url=base_url, people=[m for m in models if m.startswith(PEOPLE)])
        refit_board(board=board, now=timezone.now())
        draw_now(board, now=timezone.now())
        self._say(f"{votes} votes of simulated people added; the board stands beside theirs now.")
        self._tell(board, runs, base_url, time.monotonic() - started, once)
        if not once:
            self._say(f"Sign in as {VISITOR} with the password {visitor_password()} to submit models and see /admin/.")
            self._say(f"Serving http://127.0.0.1:{port}/ until Ctrl-C.")
            processes.tend_until_interrupted()

    def _start_simulator(self, processes: Processes) -> str:
        simulator = (sys.executable, "-m", "judgeboard.llm.simulator", "--latency", SIMULATOR_LATENCY)
        port = free_port(8123)  # the same at every restart, since endpoints are written down with it
        log = processes.logs / "simulator.log"
        log.unlink(missing_ok=True)
        watched = processes.start("simulator", *simulator, "--port", str(port))
        assert watched.process is not None
        with log.open() as lines:
            told: dict[str, str] = json.loads(wait_for_line(lines, watched.process, seconds=30))
        return told["base_url"]

    def _wait(self, processes: Processes, runs: list[Run]) -> None:
        deadline = time.monotonic() + AT_MOST
        with Bars() as bars:
            while not bars.show([Run.objects.get(pk=run.pk) for run in runs]):
                if time.monotonic() > deadline:
                    raise CommandError(f"Not done after {AT_MOST:g} seconds; the logs are in {processes.logs}.")
                processes.tend()
                time.sleep(0.5)

    def _tell(self, board: Board, runs: list[Run], base_url: str, seconds: float, once: bool) -> None:
        summary = summarise(board, runs, base_url=base_url, seconds=seconds)
        if once:
            self.stdout.write(json.dumps(asdict(summary)))
        else:
            self._say(
                f"{summary.contenders} models, {summary.outputs} outputs, {summary.judgments} judgments, "
                f"{summary.votes} votes, {summary.lost} lost. Kendall with the planted truth {summary.kendall_truth}; "
                f"judges side with people on {100 * (summary.agreement or 0):.0f} % of votes."
            )

    def _say(self, line: str) -> None:
        self.stderr.write(line)


def _served(base_url: str) -> list[str]:
    answer = httpx.get(f"{base_url}/models", timeout=10, trust_env=False).raise_for_status()
    return [model["id"] for model in answer.json()["data"]]
