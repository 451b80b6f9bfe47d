"""Real processes: started, watched, started again, and ended together."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workers import processes as watching
from workers.processes import Processes, ProcessKeepsEnding, free_port, wait_for_line

SLEEP = "import time; print('up', flush=True); time.sleep(600)"
IGNORE_TERMINATION = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"


@pytest.fixture
def processes(tmp_path):
    with Processes(tmp_path / "logs") as running:
        yield running


def start(processes, name, code):
    return processes.start(name, sys.executable, "-c", code)


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.02)


def said(watched):
    return watched.log.read_text() if watched.log.exists() else ""


def test_a_process_that_dies_is_started_again_and_goes_on_in_the_same_log(processes):
    watched = start(processes, "sleeper", SLEEP)
    wait_until(lambda: said(watched) == "up\n")
    first = watched.process

    os.killpg(first.pid, signal.SIGKILL)
    wait_until(lambda: watched.ended)
    processes.tend()

    assert watched.process.pid != first.pid
    assert 1 == watched.restarts
    wait_until(lambda: said(watched) == "up\nup\n")


def test_a_process_that_lives_is_left_alone(processes):
    watched = start(processes, "sleeper", SLEEP)
    first = watched.process

    processes.tend()

    assert (first, 0) == (watched.process, watched.restarts)


def test_leaving_ends_all_newest_first(tmp_path):
    with Processes(tmp_path) as processes:
        names = ("first", "second")
        told = [start(processes, name, _tell_when_terminated(tmp_path / "ends", name)) for name in names]
        wait_until(lambda: all(said(one) == "up\n" for one in told))
        pids = [one.process for one in told]

    assert [0, 0] == [process.poll() for process in pids]
    assert {"first", "second"} == set((tmp_path / "ends").read_text().split())


def _tell_when_terminated(file: Path, name: str) -> str:
    tell = f"lambda *_: (open({str(file)!r}, 'a').write({name + ' '!r}), sys.exit())"
    return f"import signal, sys; signal.signal(signal.SIGTERM, {tell}); {SLEEP}"


def test_whoever_ignores_the_request_to_end_is_ended_after_its_grace(tmp_path, monkeypatch):
    monkeypatch.setattr(watching, "GRACE", 0.2)
    with Processes(tmp_path) as processes:
        watched = start(processes, "stubborn", IGNORE_TERMINATION)
        wait_until(lambda: said(watched) == "up\n")
        process = watched.process

    wait_until(lambda: process.poll() is not None)
    assert -signal.SIGKILL == process.returncode


def test_a_process_that_keeps_ending_is_given_up_with_the_name_of_its_log(processes, monkeypatch):
    monkeypatch.setattr(watching, "RESTARTS", 2)
    watched = start(processes, "broken", "raise SystemExit('no such file')")

    def tend_when_it_ended():
        wait_until(lambda: watched.ended)
        processes.tend()

    tend_when_it_ended()
    tend_when_it_ended()
    with pytest.raises(ProcessKeepsEnding, match=r"broken ended 2 times; see .*broken\.log"):
        tend_when_it_ended()

    assert "no such file\n" * 3 == said(watched)


def test_the_environment_given_is_the_one_they_get(tmp_path):
    with Processes(tmp_path, environment={"GREETING": "hello"}) as processes:
        watched = start(processes, "env", "import os; print(os.environ['GREETING'], flush=True)")
        wait_until(lambda: said(watched) == "hello\n")


def test_termination_unwinds_the_stack_like_an_interrupt():
    code = """
import time
from workers.processes import end_like_interrupted
end_like_interrupted()
try:
    print("up", flush=True)
    time.sleep(600)
finally:
    print("tidied", flush=True)
"""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "judgeboard.settings"}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert "up\n" == process.stdout.readline()
        process.terminate()
        assert ("tidied\n", 143) == (process.stdout.read(), process.wait(20))


def test_a_free_port_is_the_preferred_one_if_nobody_has_it():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        other = free_port(taken)
        assert other != taken

    assert other == free_port(other)


def test_the_first_line_of_a_log_is_waited_for(processes):
    watched = start(processes, "slow", f"import time; time.sleep(0.2); {SLEEP}")
    with watched.log.open() as log:
        assert "up\n" == wait_for_line(log, watched.process, seconds=20)


def test_a_process_that_ends_before_it_says_where_it_listens_is_not_waited_for(processes):
    watched = start(processes, "mute", "pass")
    with watched.log.open() as log, pytest.raises(TimeoutError, match="did not say in time"):
        wait_for_line(log, watched.process, seconds=60)
