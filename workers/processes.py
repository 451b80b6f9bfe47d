"""The processes of a whole installation, started together, watched, and ended together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from django.conf import settings

RESTARTS = 20  # of one process, after which its end is taken seriously
GRACE = 30.0  # seconds to end softly


class ProcessKeepsEnding(RuntimeError):
    """A process was started again and again and ended each time; its log tells why."""


@dataclass
class Watched:
    """One process: how to start it, where its output goes, how often it had to be started again."""

    name: str
    command: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0

    def start(self, environment: Mapping[str, str]) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 (commands of our own)
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(environment),
                cwd=settings.BASE_DIR,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then ends all in order
            )

    @property
    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None


@dataclass
class Processes:
    """A context in which the processes run; what dies by itself is started again."""

    logs: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    watched: list[Watched] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, name: str, *command: str) -> Watched:
        one = Watched(name, command, self.logs / f"{name}.log")
        one.start(self.environment)
        self.watched.append(one)
        return one

    def tend(self) -> None:
        """Starts again what ended. Raises ProcessKeepsEnding."""
        for one in self.watched:
            if one.ended:
                if one.restarts >= RESTARTS:
                    raise ProcessKeepsEnding(f"{one.name} ended {RESTARTS} times; see {one.log}.")
                one.restarts += 1
                one.start(self.environment)

    def tend_until_interrupted(self) -> None:
        """Keeps everything running; ends with KeyboardInterrupt."""
        while True:
            self.tend()
            time.sleep(1)

    def stop(self) -> None:
        """Asks all to end, newest first; after GRACE seconds ends them."""
        running = [one.process for one in reversed(self.watched) if one.process and not one.ended]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        self.watched.clear()


def start_site(processes: Processes, *, port: int) -> None:
    """Web, workers and the tick, as docker-compose starts them on a larger machine."""
    python = (sys.executable, "-m")
    celery = (
        *python,
        "celery",
        "-A",
        "workers",
        "worker",
        "--loglevel",
        "WARNING",
        "--without-mingle",
        "--without-gossip",
    )
    schedule = str(settings.VAR_DIR / "celerybeat-schedule")
    processes.start("worker", *celery, "-n", "worker@%h", "-Q", "drain,refit", "--concurrency", "2")
    processes.start("beat", *celery, "-n", "beat@%h", "-Q", "tick", "--pool", "solo", "-B", "--schedule", schedule)
    web = (*python, "gunicorn", "judgeboard.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4")
    processes.start("web", *web, "--access-logfile", "/dev/null")


def end_like_interrupted() -> None:
    """SIGTERM unwinds the stack as Ctrl-C does, so that the processes started are ended too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def free_port(preferred: int) -> int:
    """`preferred` if nobody has it, else any free one."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("There is no free port on 127.0.0.1.")


def wait_for_line(log: IO[str], process: subprocess.Popen[bytes], seconds: float) -> str:
    """The first whole line of a log. Raises TimeoutError when the process ends or takes too long."""
    deadline = time.monotonic() + seconds
    line = ""
    while time.monotonic() < deadline and process.poll() is None:
        line += log.readline()
        if line.endswith("\n"):
            return line
        time.sleep(0.05)
    raise TimeoutError("The process did not say in time where it listens.")
