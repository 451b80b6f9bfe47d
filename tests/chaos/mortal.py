"""Servers that a test may kill: a PostgreSQL and a Redis of its own, with our tables, on which the test itself works.

What PostgreSQL had committed is there again when it is started again; Redis forgets everything.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dj_database_url
import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from tests import servers

DATABASE, REDIS = "DATABASE_URL", "REDIS_URL"
WHERE = ("HOST", "PORT", "USER", "PASSWORD", "NAME")


@dataclass
class Mortal:
    """The servers, and the environment that leads to them."""

    keeper: subprocess.Popen[str]
    environment: dict[str, str]
    dead: set[str] = field(default_factory=set)

    def kill(self, name: str) -> None:
        """kill -9 of Redis; an immediate stop of PostgreSQL."""
        self._wish("stop", name)
        self.dead.add(name)
        connection.close()  # the test's own may be broken now

    def revive(self, name: str) -> None:
        self._wish("start", name)
        self.dead.discard(name)

    def _wish(self, verb: str, name: str) -> None:
        self.keeper.stdin.write(f"{verb} {name}\n")
        self.keeper.stdin.flush()
        assert "done\n" == self.keeper.stdout.readline()


@pytest.fixture(scope="session")
def mortal_servers() -> Iterator[Mortal]:
    """Started once for all tests of a process, each of which finds them alive and empty."""
    keeper, told = servers.start([DATABASE, REDIS])
    with psycopg.connect(told[DATABASE], dbname="postgres", autocommit=True) as opened:
        opened.execute("CREATE DATABASE judgeboard")
    yield Mortal(keeper, {name: told[name] for name in (DATABASE, REDIS)})
    keeper.stdin.close()
    keeper.wait(30)


@pytest.fixture
def mortal(transactional_db, mortal_servers: Mortal) -> Iterator[Mortal]:
    for name in list(mortal_servers.dead):
        mortal_servers.revive(name)
    with django_on(mortal_servers.environment[DATABASE]):
        if connection.introspection.table_names():
            call_command("flush", verbosity=0, interactive=False)
        else:
            call_command("migrate", verbosity=0)
        yield Mortal(mortal_servers.keeper, os.environ | mortal_servers.environment, mortal_servers.dead)


@contextmanager
def django_on(url: str) -> Iterator[None]:
    """What Django does in this block goes to the database at `url`, whether or not one is there."""
    before = {name: connection.settings_dict[name] for name in WHERE}
    told = dj_database_url.parse(url)
    connection.close()
    connection.settings_dict.update({name: told[name] for name in WHERE})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
