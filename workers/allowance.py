"""Requests and tokens a minute: each call waits for its turn, whichever process asks.

The count is kept in Redis, for all workers alike. While Redis is away each process counts for itself and keeps to half.
What a call takes is known only afterwards: it is counted as so many tokens, and the next call makes up the difference.
"""

import asyncio
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
LEAST_WEIGHT = 0.05  # of a reply in the mean of those before it, so that the mean follows
MEMORY = MemoryStore()
# Who asks a Redis that is away does not wait for it: a worker has better things to do.
IMPATIENT = {"socket_timeout": 1.0, "socket_connect_timeout": 1.0, "retry": None, "retry_on_timeout": False}


@dataclass(frozen=True)
class Limits:
    """A minute's allowance; None: not limited. key: who shares it."""

    key: str
    requests: int | None = None
    tokens: int | None = None


@dataclass
class Ledger:
    """What a process remembers of an allowance, from one drain to the next.

    reply:   tokens of a usual one
    replies: how many were heard
    owed:    tokens that calls took and nobody waited for; below nought: waited for, and not used
    """

    reply: float = FIRST_GUESS
    replies: int = 0
    owed: int = 0

    def learn(self, written: int) -> None:
        """The first guess counts as one reply."""
        self.replies += 1
        self.reply += max(LEAST_WEIGHT, 1 / (self.replies + 1)) * (written - self.reply)


class Allowance:
    """The limits of one lane."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._ledger = limits, _ledger(limits.key)
        self._queue = asyncio.Lock()  # one asks at a time, and the others keep their place

    async def take(self, tokens: int) -> int:
        """Waits until a call that asks with so many tokens may be made; as how many it counts, with its reply."""
        if not (self._limits.requests or self._limits.tokens):
            return 0
        async with self._queue:
            counted = tokens + int(self._ledger.reply) if self._limits.tokens else 0
            try:
                # Tokens come in parts and are remembered when the wait is broken off; a request is not.
                await self._pay(counted)
                if self._limits.requests:
                    await self._wait("requests", self._limits.requests, 1)
            except asyncio.CancelledError:
                self.give_back(counted)
                raise
        return counted

    @property
    def owed(self) -> int:
        return self._ledger.owed

    def give_back(self, counted: int) -> None:
        """The call was not made."""
        self._ledger.owed -= counted

    def heard(self, counted: int, *, read: int, written: int) -> None:
        """What a call took, as the endpoint tells; nothing told is taken for what it was counted as."""
        most = self._limits.tokens  # whatever is told: nonsense must not stop the lane for longer than a minute
        if most and read + written > 0:
            self._ledger.learn(min(written, most))
            self._ledger.owed = min(self._ledger.owed + read + written - counted, most)

    async def _pay(self, counted: int) -> None:
        self._ledger.owed += counted
        while self._limits.tokens and self._ledger.owed > 0:
            part = min(self._ledger.owed, burst_of(self._limits.tokens))  # no more is to be had at once
            await self._wait("tokens", self._limits.tokens, part)
            self._ledger.owed -= part

    async def _wait(self, kind: str, rate: int, cost: int) -> None:
        key = f"{kind}:{self._limits.key}"
        seconds = await _seconds_left(key, rate, cost)
        while seconds > 0:
            await asyncio.sleep(seconds)
            seconds = await _seconds_left(key, rate, cost)


def burst_of(rate: int) -> int:
    return max(1, rate // BURST)


@cache
def _ledger(key: str) -> Ledger:
    return Ledger()


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
