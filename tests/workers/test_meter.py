"""What a question did cost, told by a real endpoint over HTTP, however it ended."""

from contextlib import suppress
from decimal import Decimal

import pytest
from aiohttp import web
from asgiref.sync import async_to_sync

from apps.budgets.price import Price
from judgeboard.llm.client import Endpoint, Request, Speaker
from judgeboard.llm.errors import CallFailed
from judgeboard.llm.guard import BODY_CAP, networks
from tests.workers.scripted import json_body, scripted
from workers.meter import Meter
from workers.steps.bounds import most_tokens

PRICE = Price(read=Decimal(1), written=Decimal(10))  # $1 and $10 per million
ASKED = Request([{"role": "user", "content": "x" * 200}], max_tokens=100)
# 16 tokens around the message and 200 bytes / 2 = 116 tokens read, 100 written: 116 x $1 + 100 x $10 a million.
AT_MOST = Decimal("0.001116")


def answered(read, written):
    return json_body("Fine.", usage={"prompt_tokens": read, "completion_tokens": written, "total_tokens": 1})


def spent(*script, price=PRICE, reserved=None):
    """After as many calls as the script is long."""
    left = list(script)
    with scripted(lambda asked: left.pop(0)) as endpoint:
        return async_to_sync(_ask)(endpoint.base_url, len(script), price).usd(reserved=reserved)


async def _ask(base_url, calls, price):
    async with Speaker(Endpoint(base_url, "scripted", "", deadline=5), allowed=networks(["127.0.0.0/8"])) as speaker:
        meter = Meter(speaker, price)
        for _ in range(calls):
            with suppress(CallFailed):
                await meter.complete(ASKED)
        return meter


def test_the_bound_of_a_call_is_its_bytes_halved_and_its_max_tokens():
    assert AT_MOST == PRICE.of(most_tokens(ASKED))


def test_what_the_endpoint_tells_is_what_it_cost():
    # 50 x $1 + 7 x $10 and 60 x $1 + 8 x $10 a million.
    assert Decimal("0.00012") + Decimal("0.00014") == spent(answered(50, 7), answered(60, 8))


@pytest.mark.parametrize(("read", "written"), [(0, 0), (-5, 1), (5, -1), (10**30, 1)])
def test_of_an_endpoint_that_tells_nothing_sensible_the_bound_is_believed(read, written):
    assert AT_MOST == spent(answered(read, written))


@pytest.mark.parametrize("status", [429, 400, 401, 404])
def test_a_call_that_was_turned_away_costs_nothing(status):
    assert 0 == spent(web.Response(status=status))


@pytest.mark.parametrize(
    "broken",
    [
        web.Response(status=500),
        web.Response(text='{"choices": [', content_type="application/json"),
        web.Response(body=b" " * (BODY_CAP + 1), content_type="application/json"),
    ],
    ids=["500", "half", "too large"],
)
def test_a_call_that_broke_off_may_have_been_paid(broken):
    assert AT_MOST == spent(broken)


def test_what_was_answered_before_a_refusal_stays_paid():
    assert Decimal("0.00012") == spent(answered(50, 7), web.Response(status=429))


def test_a_guess_never_goes_beyond_what_was_reserved_and_a_told_figure_may():
    assert Decimal("0.0005") == spent(answered(0, 0), reserved=Decimal("0.0005"))
    # 0.00012 told, and 0.0005 - 0.00012 left for the guess.
    assert Decimal("0.0005") == spent(answered(50, 7), answered(0, 0), reserved=Decimal("0.0005"))
    assert Decimal("0.00012") == spent(answered(50, 7), reserved=Decimal("0.0001"))


def test_without_a_price_nothing_is_counted():
    assert 0 == spent(answered(50, 7), answered(0, 0), price=None)
