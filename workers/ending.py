"""Celery tells its pool nothing of a SIGTERM: it waits until all tasks are through. But a drain need not go on for its
whole slice, so whoever hears the signal leaves word where the processes forked from it look.
"""

import mmap
from typing import Any, Protocol

from celery.signals import worker_shutting_down


class Stop(Protocol):
    """Whoever may tell a drain to stop: an `asyncio.Event`, or ENDING."""

    def is_set(self) -> bool: ...


class Ending:
    """A byte in memory shared with the processes forked after it was made; no lock that a killed one could keep."""

    def __init__(self) -> None:
        self._word = mmap.mmap(-1, 1)

    def set(self) -> None:
        self._word[0] = 1

    def is_set(self) -> bool:
        return self._word[0] != 0


ENDING = Ending()  # of this worker and its pool


@worker_shutting_down.connect  # type: ignore[untyped-decorator] # Celery has no types
def _pass_on(**_: Any) -> None:
    ENDING.set()
