"""The database may be away for a moment (a restart, a crash): whoever works waits for it, and the log says so once."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from judgeboard.outage import AWAY

log = logging.getLogger(__name__)

LOOK_AGAIN = 1.0  # seconds

T = TypeVar("T")


class Outage:
    """One line in the log when it begins and one when it is over, however many notice."""

    def __init__(self) -> None:
        self._is_known = False

    def noticed(self, error: Exception) -> None:
        if not self._is_known:
            self._is_known = True
            reason = str(error).strip().partition("\n")[0]
            log.warning("The database is away (%s); looking again every second.", reason)

    def over(self) -> None:
        if self._is_known:
            self._is_known = False
            log.warning("The database is back.")


OUTAGE = Outage()  # of this process


@contextmanager
def outage_noticed() -> Iterator[None]:
    """Says that the database is away, or back, and leaves no broken connection behind. Raises what was raised."""
    try:
        yield
    except AWAY as error:
        close_old_connections()  # those that broke
        OUTAGE.noticed(error)
        raise
    OUTAGE.over()


async def in_database(do: Callable[[], T], *, patience: float = 0.0) -> T:
    """What `do` returns, which is done again each second for so many seconds while the database is away.

    After that it raises what the database said. `do` is synchronous, and safe to repeat.
    """
    until = time.monotonic() + patience
    while True:
        try:
            return await sync_to_async(_noticing)(do)
        except AWAY:
            if time.monotonic() >= until:
                raise
        await asyncio.sleep(LOOK_AGAIN)


def _noticing(do: Callable[[], T]) -> T:
    with outage_noticed():
        return do()
