"""When a question that met a passing fault may be asked again, and when it has had its chances."""

import random
from datetime import datetime, timedelta

from judgeboard.llm.errors import Passing

MOST_FAULTS = 6
LONGEST_WAIT = 60.0  # seconds


def next_chance(fault: Passing, *, faults: int, now: datetime) -> datetime | None:
    """The time of the next try after the `faults`-th fault; None when that was the last one.

    Full jitter: wait = max(Retry-After, uniform(0, min(60 s, 0.5 s * 2^faults))), so that a crowd of rows that failed
    together does not come back together.
    """
    if faults >= MOST_FAULTS:
        return None
    drawn = random.uniform(0, min(LONGEST_WAIT, 0.5 * 2**faults))  # noqa: S311 (a wait is no secret)
    return now + timedelta(seconds=max(fault.retry_after or 0.0, drawn))
