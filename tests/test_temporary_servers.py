"""The servers of the tests themselves: they start, keep others out, and leave nothing behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from tests import servers
from tests.temporary_servers import ONCE

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def started():
    """The process that keeps the servers, and what it told."""
    command = [sys.executable, "-m", "tests.temporary_servers", "DATABASE_URL", "REDIS_URL"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process, json.loads(process.stdout.readline())
    process.stdin.close()
    process.wait(30)
    process.stdout.close()


def answers(told: dict[str, str]) -> list[str]:
    with psycopg.connect(told["DATABASE_URL"], dbname="postgres") as connection:
        (user,) = connection.execute("SELECT current_user").fetchone()
    client = redis.Redis.from_url(told["REDIS_URL"])
    client.set("a", "b")
    return [user, client.get("a").decode()]


def without_password(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@")).geturl()


def test_both_servers_answer_and_end_with_whoever_asked_for_them(started):
    process, told = started
    folder = Path(told["JUDGEBOARD_VAR"]).parent

    assert ["judgeboard", "b"] == answers(told)

    process.stdin.close()
    process.wait(30)
    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        answers(told)


def test_they_end_when_told_to(started):
    process, told = started

    process.send_signal(signal.SIGTERM)
    process.wait(30)

    assert not Path(told["JUDGEBOARD_VAR"]).parent.exists()


def test_a_server_that_is_stopped_comes_back_where_it_was_with_what_was_committed(started):
    process, told = started
    with psycopg.connect(told["DATABASE_URL"], dbname="postgres", autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")

    wish(process, "stop DATABASE_URL")
    with pytest.raises(psycopg.OperationalError):
        answers(told)
    wish(process, "start DATABASE_URL")

    with psycopg.connect(told["DATABASE_URL"], dbname="postgres") as connection:
        assert (1,) == connection.execute("SELECT n FROM kept").fetchone()


def wish(process, words):
    process.stdin.write(f"{words}\n")
    process.stdin.flush()
    assert "done\n" == process.stdout.readline()


def test_nobody_else_on_the_machine_gets_in(started):
    _, told = started

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(without_password(told["DATABASE_URL"]), dbname="postgres")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=urlsplit(told["REDIS_URL"]).port, retry=ONCE).ping()


def test_a_run_that_is_killed_leaves_no_server_behind(tmp_path):
    """By a process that starts them as the plugin does, says where, and waits to be killed."""
    code = "from tests import servers; process, told = servers.start(['REDIS_URL']); print(told['JUDGEBOARD_VAR'], flush=True); input()"
    parent = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    folder = Path(parent.stdout.readline().strip()).parent
    assert folder.exists()

    parent.kill()
    parent.communicate()

    deadline = time.monotonic() + 30
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()


def test_each_worker_has_a_redis_database_and_a_folder_of_its_own(monkeypatch):
    monkeypatch.setenv("JUDGEBOARD_VAR", "/var/x")
    monkeypatch.setenv("REDIS_URL", "redis://:pw@127.0.0.1:6379/2")

    assert {"JUDGEBOARD_VAR": "/var/x/gw1", "REDIS_URL": "redis://:pw@127.0.0.1:6379/4"} == servers._of_one_worker(1)


def test_the_header_shows_no_password():
    assert "postgres://127.0.0.1:1/x" == servers._shown("postgres://user:secret@127.0.0.1:1/x")


def test_the_settings_of_the_developer_do_not_reach_the_tests():
    assert {"DATABASE_URL", "SECRET_KEY", "DEBUG", "LOG_LEVEL"} <= servers._settings_variables()
    assert not os.environ.get("SECRET_KEY")
