"""kill -9 of the worker in the middle of `manage.py demo`: its supervisor starts it again and no row is lost."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHORT_LEASES = {"LEASE_SECONDS": "6", "LEASE_HEARTBEAT": "2"}


@pytest.mark.chaos
def test_a_demo_whose_worker_is_killed_loses_nothing(tmp_path):
    nothing = {"DATABASE_URL": "", "REDIS_URL": "", "JUDGEBOARD_VAR": str(tmp_path)}  # as a stranger starts it
    command = [sys.executable, "manage.py", "demo", "--once", "--port", "0"]
    with (tmp_path / "said").open("w") as said, subprocess.Popen(
        command, cwd=ROOT, env=os.environ | nothing | SHORT_LEASES, stdout=subprocess.PIPE, stderr=said, text=True
    ) as demo:  # fmt: skip
        try:
            wait_for_judgments(tmp_path / "demo/judgeboard.sqlite3", 200, demo)
            killed = worker_of(demo)
            os.killpg(killed, signal.SIGKILL)
            out, _ = demo.communicate(timeout=600)
        finally:
            demo.terminate()

    assert 0 == demo.returncode, (tmp_path / "said").read_text()[-3000:]
    summary = json.loads(out.splitlines()[-1])
    assert 0 == summary["lost"]
    assert (8, 1232, 4928) == (summary["contenders"], summary["outputs"], summary["judgments"])


def wait_for_judgments(database: Path, number: int, demo: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 300
    while judgments_done(database) < number:
        assert demo.poll() is None, "The demo ended before its worker could be killed."
        assert time.monotonic() < deadline
        time.sleep(0.2)


def judgments_done(database: Path) -> int:
    if not database.exists():
        return 0
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
        try:
            return opened.execute("SELECT COUNT(*) FROM judging_judgment WHERE status = 'done'").fetchone()[0]
        except sqlite3.OperationalError:  # migrating still
            return 0


def worker_of(demo: subprocess.Popen[str]) -> int:
    """The process that the demo started as its worker; its children are in its group."""
    found = [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if _is_worker(folder, demo.pid)]
    assert 1 == len(found), found
    return found[0]


def _is_worker(folder: Path, parent: int) -> bool:
    try:
        command, status = (folder / "cmdline").read_bytes(), (folder / "status").read_text()
    except OSError:  # it ended meanwhile
        return False
    return b"worker@" in command and f"\nPPid:\t{parent}\n" in status
