"""Requests and tokens a minute: each call waits for its turn, whichever process asks.

The count is kept in Redis, for all workers alike. While Redis is away each process counts for itself and keeps to half.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from throttled import MemoryStore, RedisStore
from throttled.exceptions import StoreUnavailableError
from throttled.rate_limiter import per_min
from throttled.rate_limiter.base import RateLimitResult
from throttled.rate_limiter.gcra import GCRARateLimiter

BURST = 100  # parts of a minute's allowance that may be used at once: so what a flushed Redis forgets is little
FIRST_GUESS = 300.0  # tokens of a reply, before one was heard
INERTIA = 0.95  # of the mean of replies
MEMORY = MemoryStore()
# Who asks a Redis that is away does not wait for it: a worker has better things to do.
IMPATIENT = {"socket_timeout": 1.0, "socket_connect_timeout": 1.0, "retry": None, "retry_on_timeout": False}


@dataclass(frozen=True)
class Limits:
    """A minute's allowance; None: not limited. key: who shares it."""

    key: str
    requests: int | None = None
    tokens: int | None = None


class Allowance:
    """The limits of one lane."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._queue = asyncio.Lock()  # one asks at a time, and the others keep their place
        self._reply = FIRST_GUESS

    async def take(self, tokens: int) -> None:
        """Waits until a call of so many tokens, and as many more as replies have, may be made."""
        costs = (("requests", self._limits.requests, 1), ("tokens", self._limits.tokens, tokens + int(self._reply)))
        for kind, rate, cost in costs:
            if rate:
                async with self._queue:
                    await self._wait(kind, rate, cost)

    def heard(self, tokens: int) -> None:
        """How long a reply was."""
        self._reply = INERTIA * self._reply + (1 - INERTIA) * tokens

    async def _wait(self, kind: str, rate: int, cost: int) -> None:
        for part in _parts(cost, burst_of(rate)):
            key = f"{kind}:{self._limits.key}"
            seconds = await _seconds_left(key, rate, part)
            while seconds > 0:
                await asyncio.sleep(seconds)
                seconds = await _seconds_left(key, rate, part)


def burst_of(rate: int) -> int:
    return max(1, rate // BURST)


def _parts(cost: int, burst: int) -> Iterator[int]:
    """No more than the burst is to be had at once."""
    while cost > 0:
        yield min(cost, burst)
        cost -= burst


async def _seconds_left(key: str, rate: int, cost: int) -> float:
    """0: taken. Otherwise it is to be tried again after so long."""
    result = await _shared(key, rate, cost) or _limiter(max(1, rate // 2), "").limit(key, cost)
    return result.state.retry_after if result.limited else 0.0


async def _shared(key: str, rate: int, cost: int) -> RateLimitResult | None:
    """None while there is no Redis."""
    if not settings.REDIS_URL:
        return None
    try:
        return await asyncio.to_thread(_limiter(rate, settings.REDIS_URL).limit, key, cost)
    except StoreUnavailableError:
        return None


@cache
def _limiter(rate: int, server: str) -> Any:
    store = RedisStore(server=server, options={"CONNECTION_POOL_KWARGS": dict(IMPATIENT)}) if server else MEMORY
    return GCRARateLimiter(per_min(rate, burst_of(rate)), store)
