"""What others can know of this process: that it is there, and on which lanes. It is told, and never relied upon."""

import functools
import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import Error
from django.utils import timezone

from apps.endpoints.operations import beat, forget_workers
from judgeboard.outage import AWAY

log = logging.getLogger(__name__)

REMEMBERED = timedelta(hours=1)  # for how long one that fell silent can be read about


class Presence:
    """One process, from the first time it has something to say."""

    def __init__(self) -> None:
        self._host, self._process, self._started_at = socket.gethostname(), os.getpid(), timezone.now()
        self._lanes: set[int] = set()
        self._told = float("-inf")

    def on(self, lane: int) -> None:
        """It holds this lane, newly or still."""
        is_new = lane not in self._lanes
        self._lanes.add(lane)
        if is_new or self._is_due():
            self._beat()

    def off(self, lane: int) -> None:
        """It has left this lane."""
        if lane in self._lanes:
            self._lanes.remove(lane)
            self._beat()

    def looks(self) -> None:
        """It looks for work, perhaps without any; those that fell silent long ago are forgotten on the way."""
        if self._is_due():
            self._beat()
            with _harmless():
                forget_workers(silent_since=timezone.now() - REMEMBERED)

    def _is_due(self) -> bool:
        """The lanes of one process beat together."""
        return time.monotonic() - self._told >= settings.LEASE_HEARTBEAT / 2

    def _beat(self) -> None:
        self._told = time.monotonic()
        with _harmless():
            beat(
                host=self._host,
                process=self._process,
                started_at=self._started_at,
                lanes=sorted(self._lanes),
                now=timezone.now(),
            )


def presence() -> Presence:
    """Of this very process: a fork is another one."""
    return _presence_of(os.getpid())


@functools.cache
def _presence_of(process: int) -> Presence:
    return Presence()


@contextmanager
def _harmless() -> Iterator[None]:
    """No answer is lost because nobody could be told who asked. That the database is away, others notice and say."""
    try:
        yield
    except AWAY:
        pass
    except Error as error:
        log.warning("This process could not say that it is there: %s", error)
