"""A pytest plugin, loaded by `-p tests.servers` before Django's settings are read: the suite runs on real servers.

Those named by DATABASE_URL and REDIS_URL are used; what is not named is started for this run from the wheels among the
development requirements, on free ports, and ended with it. A server that merely happens to be there is never used.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_STOP = 30
ENVIRONMENT = pytest.StashKey[dict[str, str]]()
PROCESS = pytest.StashKey[subprocess.Popen[str]]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """A wrapper, so that it comes before pytest-django's own hook, which reads the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        os.environ.update(_of_one_worker(int(worker.removeprefix("gw"))))
    else:
        _prepare(early_config)
    return (yield)


def pytest_report_header(config: pytest.Config) -> str:
    told = config.stash.get(ENVIRONMENT, {})
    return "servers: " + ", ".join(
        f"{kind} {'started for this run' if name in told else 'as given'} at {_shown(os.environ[name])}"
        for kind, name in (("database", "DATABASE_URL"), ("Redis", "REDIS_URL"))
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    process = config.stash.get(PROCESS, None)
    if process is not None:
        assert process.stdin is not None
        process.stdin.close()  # this ends it; so does the end of this process, however it comes
        process.wait(SECONDS_TO_STOP)


def _prepare(config: pytest.Config) -> None:
    wanted = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
    for name in _settings_variables() - {"DATABASE_URL", "REDIS_URL"}:
        os.environ.pop(name, None)  # a developer's own settings are not what is tested
    process, told = start(wanted)
    config.stash[PROCESS], config.stash[ENVIRONMENT] = process, told
    os.environ.update(told, ALLOWED_NETWORKS="127.0.0.0/8")


def _settings_variables() -> set[str]:
    """Every variable that the settings read: `.env.example` lists them all."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    return {line.lstrip("# ").partition("=")[0] for line in lines if "=" in line and line.lstrip("# ")[:1].isupper()}


def start(wanted: list[str]) -> tuple[subprocess.Popen[str], dict[str, str]]:
    """The process that keeps the servers in `wanted`, and the environment that leads to them."""
    command = [sys.executable, "-m", "tests.temporary_servers", *wanted]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise pytest.UsageError(
            "The test servers did not start; the reason stands above. Or give DATABASE_URL and REDIS_URL."
        )
    return process, json.loads(line)


def _of_one_worker(number: int) -> dict[str, str]:
    """Each xdist worker has a Redis database and a folder of its own; its SQL database is pytest-django's care."""
    var = Path(os.environ["JUDGEBOARD_VAR"]) / f"gw{number}"
    url = urlsplit(os.environ["REDIS_URL"])
    database = int(url.path.strip("/") or 0) + 1 + number
    return {"JUDGEBOARD_VAR": str(var), "REDIS_URL": urlunsplit(url._replace(path=f"/{database}"))}


def _shown(url: str) -> str:
    """Without the password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
