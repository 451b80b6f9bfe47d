"""The limiter against the Redis of the tests. Rates are high and times short: what counts is calls against time."""

import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import redis

from workers.allowance import Allowance, Limits, burst_of

NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture
def key():
    return uuid4().hex


def taken(limits, *, seconds, tokens=10, begun=None):
    """When, in seconds from the start, calls were allowed, as many as fit into so many seconds."""

    async def take():
        allowance, times = Allowance(limits), []
        start = begun or time.monotonic()
        try:
            async with asyncio.timeout(seconds):
                while True:
                    await allowance.take(tokens)
                    times.append(time.monotonic() - start)
        except TimeoutError:
            return times

    return asyncio.run(take())


def most_within(times, window):
    return max(sum(start <= at < start + window for at in times) for start in times)


def test_no_limit_costs_no_time(key):
    async def take_often():
        allowance = Allowance(Limits(key))
        for _ in range(10_000):
            await allowance.take(1000)

    asyncio.run(asyncio.wait_for(take_often(), timeout=5))


def test_requests_are_spread_over_the_minute(key):
    # 1,200 a minute are 20 a second, and a burst of 12
    times = taken(Limits(key, requests=1200), seconds=2.0)
    assert 36 <= len(times) <= 40 + 12 + 1
    assert most_within(times, 1.0) <= 20 + 12 + 1


def test_processes_share_a_limit_by_its_key_and_a_flushed_redis_forgets_little(key):
    begun = time.monotonic()
    with ThreadPoolExecutor(6) as askers:
        asked = [
            askers.submit(taken, Limits(key, requests=1200), seconds=3.0, begun=begun) for _ in range(6)
        ]  # each with an event loop of its own, as processes have
        time.sleep(1.5)
        redis.Redis.from_url(os.environ["REDIS_URL"]).flushdb()
        times = sorted(at for one in asked for at in one.result())
    # 20 a second, and a burst at the start and another after the flush
    assert 54 <= len(times) <= 60 + 2 * 12 + 1


def test_another_key_has_another_allowance(key):
    assert len(taken(Limits(key, requests=60), seconds=0.2)) == len(taken(Limits(f"{key}-2", requests=60), seconds=0.2))


def test_tokens_are_those_asked_with_and_those_of_a_usual_reply(key):
    # 60,000 a minute are 1,000 a second; 700 + 300 for the reply: one call a second, and a burst of 600 tokens
    assert 2 <= len(taken(Limits(key, tokens=60_000), seconds=2.1, tokens=700)) <= 3


def test_what_replies_cost_is_learnt(key):
    async def calls_a_second():
        allowance = Allowance(Limits(key, tokens=600_000))
        for _ in range(200):
            allowance.heard(counted=10, read=10, written=0)
        start = time.monotonic()
        for _ in range(30):
            await allowance.take(1000)
        return 30 / (time.monotonic() - start)

    # 10,000 tokens a second, replies of none: 10 calls a second, 6 more in the burst; with the first guess it were 8
    assert 9 <= asyncio.run(calls_a_second()) <= 15


def seconds_to_take(allowance, tokens):
    start = time.monotonic()
    asyncio.run(allowance.take(tokens))
    return time.monotonic() - start


def test_what_a_call_took_beyond_what_was_waited_for_is_waited_for_by_the_next(key):
    # 10,000 tokens a second, 6,000 at once
    allowance = Allowance(Limits(key, tokens=600_000))
    counted = asyncio.run(allowance.take(100))
    allowance.heard(counted, read=100, written=10_000)

    # 9,700 more than the guess of 300, and what the next is counted as
    assert 0.8 <= seconds_to_take(allowance, 100)


def test_a_call_that_was_not_made_leaves_its_wait_to_the_next(key):
    allowance = Allowance(Limits(key, tokens=600_000))
    counted = asyncio.run(allowance.take(25_000))
    allowance.give_back(counted)

    assert seconds_to_take(allowance, 25_000) < 0.5


def test_a_wait_that_is_broken_off_is_not_lost(key):
    allowance = Allowance(Limits(key, tokens=600_000))
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(allowance.take(30_000), timeout=1.5))

    # 15,000 and the burst of 6,000 are there already
    assert seconds_to_take(allowance, 12_000) < 0.7


def test_nonsense_costs_no_more_than_a_minute(key):
    allowance = Allowance(Limits(key, tokens=60))
    for _ in range(9):
        allowance.heard(300, read=10**12, written=10**12)

    assert 60 == allowance.owed


def test_a_call_that_costs_more_than_a_minute_has_is_made_in_the_end(key):
    # 300 a minute are 5 a second: 1 + 300 tokens would take a minute, 2 + 8 take two seconds
    async def take():
        allowance = Allowance(Limits(key, tokens=300))
        for _ in range(500):
            allowance.heard(counted=10, read=10, written=0)
        start = time.monotonic()
        await allowance.take(10)
        return time.monotonic() - start

    assert 1.2 <= asyncio.run(take()) <= 2.5


def test_without_redis_a_process_keeps_to_half(key, settings):
    settings.REDIS_URL = NOBODY
    times = taken(Limits(key, requests=1200), seconds=2.0)
    assert 17 <= len(times) <= 20 + 6 + 1
    settings.REDIS_URL = ""
    assert 17 <= len(taken(Limits(f"{key}-2", requests=1200), seconds=2.0)) <= 20 + 6 + 1


def test_a_burst_is_a_hundredth_of_a_minute():
    assert [1, 1, 12, 200] == [burst_of(rate) for rate in (1, 60, 1200, 20_000)]
