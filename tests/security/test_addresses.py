"""S1 and S2: no socket is opened to an address that is not public, however it is written and whoever resolves it."""

import asyncio
import socket
from collections.abc import Callable
from ipaddress import ip_address
from itertools import cycle

import httpx2
import pytest
from aiohttp import web

from apps.endpoints.address import UnusableAddress, check_base_url
from judgeboard.llm.client import Endpoint, Request, Speaker
from judgeboard.llm.completion import Completion
from judgeboard.llm.errors import CallFailed, Forbidden
from judgeboard.llm.guard import may_dial, networks
from tests.security.addresses import BAD, BAD_V4, BAD_V6, GOOD, PUBLIC, SPELLINGS
from tests.security.no_traffic import connections

HELLO = Request([{"role": "user", "content": "Hello?"}])
FORBIDDEN = "The endpoint's address is not public, so it is not called."
A_SERVERS_ANSWER = {
    "id": "1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello!"}, "finish_reason": "stop"}],
}

Resolver = Callable[[str], list[str]]


@pytest.fixture
def resolve_by(monkeypatch):
    """Puts a function from a name to its addresses in the place of the system's resolver. Numbers stay numbers."""
    real = socket.getaddrinfo

    def put(resolver: Resolver) -> None:
        def answer(host, port, *args, **options):
            found = resolver(host)
            if not found:
                raise socket.gaierror(socket.EAI_NONAME, "no such name")
            return [told for address in found for told in real(address, port, type=socket.SOCK_STREAM)]

        monkeypatch.setattr(socket, "getaddrinfo", answer)

    return put


def numbers_only(host: str) -> list[str]:
    """What a resolver makes of a host without asking anybody: old spellings of numbers, and localhost."""
    if host.rstrip(".").lower() == "localhost":
        return ["127.0.0.1", "::1"]
    try:
        return [socket.inet_ntoa(socket.inet_aton(host))]
    except OSError:
        return []


async def ask(base_url: str, allowed=()) -> Completion | CallFailed:
    async with Speaker(Endpoint(base_url, "m", "sk-canary-0815", deadline=5), allowed=allowed) as speaker:
        try:
            return await speaker.complete(HELLO)
        except CallFailed as failure:
            return failure


def ask_all(base_urls: list[str]) -> dict[str, Completion | CallFailed]:
    async def each():
        return {base_url: await ask(base_url) for base_url in base_urls}

    return asyncio.run(each())


def _hides_an_address(spelling: str) -> bool:
    """Not those that the client itself takes for no URL, nor the public one, whose scheme is the form's business."""
    try:
        return httpx2.URL(spelling).host != "8.8.8.8"
    except httpx2.InvalidURL:
        return False


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address


# --- what may be written down -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("spelling", SPELLINGS, ids=ascii)
def test_a_spelling_that_hides_an_address_is_refused_with_a_sentence(settings, spelling):
    settings.ALLOWED_NETWORKS = []

    with pytest.raises(UnusableAddress, match=r"\.$"):
        check_base_url(spelling)


@pytest.mark.parametrize("address", BAD)
def test_an_address_that_is_not_public_is_refused_when_it_is_written_down_or_at_the_socket(settings, address):
    settings.ALLOWED_NETWORKS = []
    try:
        check_base_url(f"https://{_host(address)}/v1")
    except UnusableAddress:
        pass
    else:
        assert not may_dial(ip_address(address), ())


@pytest.mark.parametrize("base_url", GOOD)
def test_an_honest_address_is_accepted_as_it_is(settings, base_url):
    settings.ALLOWED_NETWORKS = []

    assert base_url == check_base_url(base_url)


# --- what is dialled --------------------------------------------------------------------------------------------------
def test_bad_addresses_are_refused_before_a_socket_is_opened():
    with connections() as seen:
        told = ask_all([f"https://{_host(address)}/v1" for address in BAD])

    assert {FORBIDDEN} == {str(failure) for failure in told.values()}
    assert {Forbidden} == {type(failure) for failure in told.values()}
    assert [] == seen


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        ("A", {f"a{n}.example": [bad] for n, bad in enumerate(BAD_V4)}),
        ("AAAA", {f"a{n}.example": [bad] for n, bad in enumerate(BAD_V6)}),
        ("good first", {f"a{n}.example": [PUBLIC[n % 4], bad] for n, bad in enumerate(BAD)}),
        ("bad first", {f"a{n}.example": [bad, *PUBLIC[:4]] for n, bad in enumerate(BAD)}),
    ],
)
def test_a_name_with_a_bad_address_among_its_own_is_refused_whole(resolve_by, kind, answers):
    resolve_by(lambda host: answers[host])
    with connections() as seen:
        told = ask_all([f"https://{name}/v1" for name in answers])

    assert {FORBIDDEN} == {str(failure) for failure in told.values()}
    assert [] == seen


def test_a_hidden_spelling_reaches_nobody_even_past_the_form(resolve_by):
    resolve_by(numbers_only)
    with connections() as seen:
        told = ask_all([spelling for spelling in SPELLINGS if _hides_an_address(spelling)])

    assert all(isinstance(failure, CallFailed) for failure in told.values())
    assert [] == seen


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_dialled(address):
    assert may_dial(ip_address(address), ())


def test_a_name_with_public_addresses_only_is_tried(resolve_by):
    """The watch refuses the connection, so nothing leaves this machine."""
    resolve_by(lambda host: PUBLIC[:3])
    with connections() as seen:
        told = asyncio.run(ask("https://api.example.com/v1"))

    assert "could not be reached" in str(told)
    assert set(PUBLIC[:3]) == set(seen)


def test_localhost_is_called_at_those_of_its_addresses_that_are_allowed(resolve_by):
    resolve_by(lambda host: ["::1", "127.0.0.1"])
    with connections() as seen:
        asyncio.run(ask("http://localhost:9/v1", allowed=networks(["127.0.0.1/32"])))

    assert ["127.0.0.1"] == seen


# --- a name that changes its mind -------------------------------------------------------------------------------------
def test_a_resolver_that_alternates_leads_to_the_good_address_alone(resolve_by):
    """Two servers on loopback, one of them on the allow-list: the connections are real, and none leaves the machine."""
    good, bad = "127.0.0.1", "127.0.0.2"
    # Each call resolves anew; where both are told, the order changes too.
    answers = cycle([[good], [bad], [good, bad], [bad, good], [bad]])
    resolve_by(lambda host: next(answers) if host == "flip.example" else [host])

    with connections() as seen:
        told, visits = asyncio.run(_ask_two_servers(good, bad, times=200))

    # Of five answers in a row three hold the good address.
    assert {good: 120, bad: 0} == visits
    assert {good} == set(seen)
    assert 80 == sum(isinstance(one, Forbidden) for one in told)
    assert 120 == sum(isinstance(one, Completion) for one in told)


async def _ask_two_servers(good: str, bad: str, *, times: int) -> tuple[list[Completion | CallFailed], dict[str, int]]:
    visits = {good: 0, bad: 0}

    async def answer(request: web.Request) -> web.Response:
        visits[request.transport.get_extra_info("sockname")[0]] += 1
        return web.json_response(A_SERVERS_ANSWER)

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, good, 0).start()
        port = runner.addresses[0][1]
        await web.TCPSite(runner, bad, port).start()
        told = [await ask(f"http://flip.example:{port}/v1", allowed=networks([f"{good}/32"])) for _ in range(times)]
    finally:
        await runner.cleanup()
    return told, visits
