"""L3: limits of requests and tokens a minute that six processes share, through a flush of the Redis that counts them.

The provider keeps its own books: when each call came, and what it took. The short form, with high rates and short times,
is `tests/workers/test_allowance.py`.
"""

import bisect
import os
import random
import time
from itertools import accumulate

import pytest
import redis

from apps.contenders.operations import want_outputs
from tests import stage
from tests.workers.installation import start_beat, start_worker
from tests.workers.lanes import contender_at
from tests.workers.scripted import as_text, json_body, scripted
from workers.processes import Processes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]

REQUESTS, TOKENS = 60, 20_000  # a minute
MINUTES = 3
PROCESSES = 6


class Provider:
    """Answers after a moment, in so many tokens on average, and writes down when it was asked and what that took."""

    def __init__(self, reply_tokens: int) -> None:
        self._chance, self._reply_tokens = random.Random(3), reply_tokens
        self.times: list[float] = []
        self.tokens: list[int] = []

    def answer(self, asked):
        read, written = len(as_text(asked)) // 4, int(self._reply_tokens * self._chance.uniform(0.5, 1.5))
        self.times.append(time.monotonic())
        self.tokens.append(read + written)
        time.sleep(0.5)
        return json_body("Well.", usage={"prompt_tokens": read, "completion_tokens": written})

    def most_in_a_minute(self) -> tuple[int, int]:
        """Calls and tokens of the fullest 60 seconds, wherever they begin."""
        sums = [0, *accumulate(self.tokens)]
        windows = [(start, bisect.bisect_left(self.times, at + 60)) for start, at in enumerate(self.times)]
        return max(end - start for start, end in windows), max(sums[end] - sums[start] for start, end in windows)

    def used(self, minutes: float) -> tuple[float, float]:
        """Shares of what so many minutes allow."""
        return len(self.times) / (REQUESTS * minutes), sum(self.tokens) / (TOKENS * minutes)


def wanted(base_url) -> None:
    """Six models of one account, of each of which more is wanted than the time allows."""
    prompts = stage.prompt_set(size=2 * MINUTES * REQUESTS // PROCESSES).prompts.all()
    limits = {"requests_per_minute": REQUESTS, "tokens_per_minute": TOKENS, "limit_group": "account"}
    contenders = [contender_at(base_url, f"model-{number}", **limits) for number in range(PROCESSES)]
    want_outputs(contenders=contenders, prompts=prompts)


def forget_all_counts() -> None:
    """FLUSHDB, not FLUSHALL: all that is counted is in our own database, and others may be there beside it."""
    redis.Redis.from_url(os.environ["REDIS_URL"]).flushdb()


# What a reply takes is known when it is there: of long replies, a few that are under way may take more than was reckoned.
@pytest.mark.parametrize(
    ("reply_tokens", "most_tokens"), [(320, 21_000), (900, 22_000)], ids=["requests and tokens bind", "tokens bind"]
)
def test_L3_six_processes_keep_to_a_minutes_allowance_and_use_it(
    child_environment, tmp_path, promise, reply_tokens, most_tokens
):
    provider = Provider(reply_tokens)
    with scripted(provider.answer) as endpoint, Processes(tmp_path / "logs", environment=child_environment) as running:
        wanted(endpoint.base_url)
        start_worker(running, concurrency=PROCESSES)
        start_beat(running)
        while not provider.times:
            running.tend()
            time.sleep(0.05)
        began = provider.times[0]
        time.sleep(60 * MINUTES / 2)
        forget_all_counts()
        time.sleep(max(0.0, began + 60 * MINUTES - time.monotonic()))
    calls, tokens = provider.most_in_a_minute()
    minutes = (provider.times[-1] - began) / 60
    used = provider.used(minutes)

    promise(
        "L3",
        f"{REQUESTS} requests and {TOKENS:,} tokens a minute over {PROCESSES} processes, FLUSHALL midway, "
        f"replies of about {reply_tokens} tokens",
        must=f"<= 63 calls and <= {most_tokens:,} tokens in any 60 s, >= 90 % used",
        shown=f"{calls} calls, {tokens:,} tokens; {used[0]:.0%} of the requests, {used[1]:.0%} of the tokens used",
    )
    assert calls <= 1.05 * REQUESTS
    assert tokens <= most_tokens
    assert max(used) >= 0.9
