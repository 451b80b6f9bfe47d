"""What a benchmark of the service needs around it: a database of its own, and a simulator in another process."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.temporary_servers import LOOPBACK, postgresql, valkey


@contextmanager
def own_postgresql(address: str = LOOPBACK) -> Iterator[Path]:
    """An empty PostgreSQL in the environment, and no Redis; its folder.

    To be entered before Django's models are imported.
    """
    folder = Path(tempfile.mkdtemp(prefix="judgeboard-bench-"))
    folder.chmod(0o711)  # the server runs as somebody else when we are root
    with postgresql(folder, address=address) as server:
        address_of, _, name = server.url.rpartition("/")
        with psycopg.connect(f"{address_of}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        os.environ |= {"JUDGEBOARD_VAR": str(folder), "DATABASE_URL": server.url, "REDIS_URL": ""}
        yield folder


@contextmanager
def own_servers(address: str) -> Iterator[None]:
    """An empty PostgreSQL and an empty Redis in the environment, both listening there."""
    with own_postgresql(address) as folder, valkey(folder, address=address) as server:
        os.environ["REDIS_URL"] = server.url
        yield


@contextmanager
def simulator(*options: str) -> Iterator[str]:
    """The base URL of one that runs until the block ends; options: of its command line."""
    command = [sys.executable, "-m", "judgeboard.llm.simulator", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["base_url"]
        finally:
            process.terminate()
