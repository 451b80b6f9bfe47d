"""L2: an endpoint that names a time is not called before it is over, in whichever way it was named.

Refusals come back while other calls are under way. Those are held until the refusal has been heard, so that every call that
comes afterwards was begun in the knowledge of it.
"""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import formatdate

import pytest
from aiohttp import web
from django.utils import timezone

from apps.contenders.models import Output
from apps.contenders.operations import want_outputs
from apps.endpoints.models import Endpoint
from tests import stage
from tests.workers.installation import ends_of_logs, processes, start_beat, start_worker
from tests.workers.lanes import contender_at, drain_once
from tests.workers.scripted import scripted

AT_ONCE = 5
AN_HOUR = 3600.0
Headers = dict[str, str]


def in_seconds(window: float) -> Headers:
    return {"Retry-After": str(math.ceil(window))}


def in_milliseconds(window: float) -> Headers:
    return {"Retry-After-Ms": str(round(1000 * window)), "Retry-After": "0"}


def by_a_clock(ahead: float) -> Callable[[float], Headers]:
    """As a date, told by a clock that is so many seconds fast."""

    def as_date(window: float) -> Headers:
        now = time.time() + ahead
        return {"Date": formatdate(now, usegmt=True), "Retry-After": formatdate(math.ceil(now + window), usegmt=True)}

    return as_date


def in_vain(window: float) -> Headers:
    return {"Retry-After": "when it suits you"}


FORMS = {
    "seconds": in_seconds,
    "date": by_a_clock(0),
    "date of a fast clock": by_a_clock(AN_HOUR),
    "date of a slow clock": by_a_clock(-AN_HOUR),
    "milliseconds": in_milliseconds,
}


def refusal(headers: Headers, status: int) -> web.Response:
    return web.Response(status=status, headers=headers)


def wanted(base_url, size) -> Endpoint:
    contender = contender_at(base_url, "scripted", concurrency=AT_ONCE)
    want_outputs(contenders=[contender], prompts=stage.prompt_set(size=size).prompts.all())
    Endpoint.objects.update(learnt=AT_ONCE)
    contender.endpoint.refresh_from_db()
    return contender.endpoint


def later(seconds):
    return lambda: timezone.now() + timedelta(seconds=seconds)


# --- by another clock -------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("headers", "window"),
    [*((form, 20) for form in FORMS.values()), (in_seconds, 9999)],
    ids=[*FORMS, "nearly three hours"],
)
def test_nobody_calls_inside_the_window_that_one_call_of_several_was_told(headers, window, status):
    refused = threading.Event()

    def say(asked):
        if not refused.is_set():
            refused.set()
            return refusal(headers(window), status)
        time.sleep(0.2)
        return "Fine."

    with scripted(say) as endpoint:
        lane = wanted(endpoint.base_url, 12)
        drain_once(lane)
        told = len(endpoint.asked)
        inside = [drain_once(lane, clock=later(seconds)).held for seconds in (1, window / 2, window - 2)]

        assert (told, [False] * 3) == (len(endpoint.asked), inside)
        assert told <= AT_ONCE
        drain_once(lane, clock=later(window + 1))
    assert 12 == Output.objects.done().count()


@pytest.mark.django_db
def test_what_cannot_be_read_names_no_window():
    with scripted(lambda asked: refusal(in_vain(20), 429)) as endpoint:
        lane = wanted(endpoint.base_url, 1)
        drain_once(lane, seconds=0.2)

    assert Output.objects.get().next_at < timezone.now() + timedelta(seconds=20)


# --- by the clock on the wall -----------------------------------------------------------------------------------------
WINDOW = 3.0  # seconds: longer than a drain waits within itself
HELD = 0.5  # seconds that answers are held before a refusal, and again after it
EVERY = 25  # one call in so many is refused


@dataclass
class Provider:
    """Refuses one call in so many, in each form in turn, while it holds the others, and counts who comes although it is closed."""

    refusals: int = 0
    calls: int = 0
    inside: int = 0
    _closed_until: float = 0.0
    _held_until: float = 0.0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def answer(self, asked):
        with self._lock:
            self.calls += 1
            self.inside += time.time() < self._closed_until
            refuses = self.calls % EVERY == 0
            self._held_until = max(self._held_until, time.time() + (2 * HELD if refuses else 0))
        if refuses:
            time.sleep(HELD)  # nothing else is on its way by then
            return self._refuse(time.time())
        time.sleep(HELD)
        while (left := self._held_until - time.time()) > 0:
            time.sleep(left)
        return "Fine."

    def _refuse(self, now: float) -> web.Response:
        form = [*FORMS.values(), in_vain][self.refusals % (len(FORMS) + 1)]
        self.refusals += 1
        if form is not in_vain:
            self._closed_until = now + WINDOW
        return refusal(form(WINDOW), 429 if self.refusals % 2 else 503)


@pytest.mark.chaos
@pytest.mark.django_db(transaction=True)
def test_L2_no_call_comes_inside_a_window_however_it_is_named(child_environment, tmp_path, promise):
    provider = Provider()
    with scripted(provider.answer) as endpoint, processes(child_environment, tmp_path / "logs") as running:
        wanted(endpoint.base_url, 300)
        for name in ("first", "second"):
            start_worker(running, name)
        start_beat(running)
        deadline = time.monotonic() + 600
        while Output.objects.done().count() < 300:
            assert time.monotonic() < deadline, ends_of_logs(running)
            running.tend()
            time.sleep(0.2)

    promise(
        "L2",
        "Retry-After as seconds, date (also by clocks an hour off), ms, garbage; 9999 by another clock",
        must="0 calls inside the window",
        shown=f"{provider.inside} of {provider.calls} calls inside {provider.refusals} windows of {WINDOW:g} s",
    )
    assert 0 == provider.inside
    assert provider.refusals > 2 * len(FORMS)
