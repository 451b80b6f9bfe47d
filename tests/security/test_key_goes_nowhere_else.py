"""S8: four ways to make a key go elsewhere. It is sent to the origin that it was entered for, and nowhere else."""

from contextlib import ExitStack

import pytest
from aiohttp import web

from apps.contenders.models import Output
from apps.contenders.operations import want_outputs
from apps.endpoints.models import Endpoint
from apps.endpoints.operations import move_endpoint, register_endpoint, want_check
from apps.runs.models import Run
from tests import stage
from tests.security.canary import CANARY
from tests.workers.lanes import drain_once
from tests.workers.scripted import scripted

pytestmark = pytest.mark.django_db


@pytest.fixture
def servers():
    """The server that the key was entered for, and another one; each remembers the keys it was sent."""
    with ExitStack() as stack:
        yield [stack.enter_context(scripted(lambda asked: "Hello.")) for _ in range(2)]


def ask(endpoint: Endpoint) -> None:
    """Lets a worker do everything that it does with an endpoint: a check, and an output."""
    contender, _ = endpoint.contenders.get_or_create(name=f"at {endpoint.pk}", slug=f"at-{endpoint.pk}")
    prompts = stage.prompt_set(slug=f"set-{endpoint.pk}-{Output.objects.count()}").prompts.all()
    want_outputs(contenders=[contender], prompts=prompts)
    want_check(endpoint=endpoint)
    drain_once(Endpoint.objects.get(pk=endpoint.pk))


def keys(server) -> set[str]:
    return set(server.keys)


def test_at_its_own_origin_the_key_is_sent(servers):
    ask(register_endpoint(name="e", base_url=servers[0].base_url, model="m", key=CANARY))

    assert {CANARY} == keys(servers[0])


def test_an_address_that_was_changed_by_us_takes_no_key_along(servers):
    entered_for, elsewhere = servers
    endpoint = register_endpoint(name="e", base_url=entered_for.base_url, model="m", key=CANARY)
    move_endpoint(endpoint=endpoint, base_url=elsewhere.base_url)
    ask(endpoint)
    move_endpoint(endpoint=endpoint, base_url=entered_for.base_url)  # nor does it come back
    ask(endpoint)

    assert {"none"} == keys(elsewhere) == keys(entered_for)


def test_an_address_that_was_changed_in_a_form_takes_no_key_along(servers, door, open_board):
    entered_for, elsewhere = servers
    client = door("owner")
    client.post("/submit/", open_board.submission(entered_for.base_url, key=CANARY))
    run = Run.objects.get()
    answer = client.post(f"/runs/{run.pk}/endpoint/", {"base_url": elsewhere.base_url, "key": ""})
    drain_once(Endpoint.objects.get(pk=run.newcomer.endpoint_id))

    assert 302 == answer.status_code
    assert {"none"} == keys(elsewhere)


def test_an_address_that_was_changed_in_the_database_takes_no_key_along(servers):
    entered_for, elsewhere = servers
    endpoint = register_endpoint(name="e", base_url=entered_for.base_url, model="m", key=CANARY)
    stolen = register_endpoint(name="stolen", base_url=elsewhere.base_url, model="m", key="sk-mine-all-mine")
    Endpoint.objects.filter(pk=endpoint.pk).update(base_url=elsewhere.base_url, key_origin=elsewhere.base_url)
    Endpoint.objects.filter(pk=stolen.pk).update(sealed_key=endpoint.sealed_key)
    ask(endpoint)
    ask(stolen)

    assert {"none"} == keys(elsewhere)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_leads_the_key_nowhere(servers, status):
    elsewhere = servers[1]
    address = f"{elsewhere.base_url}/chat/completions"
    with scripted(lambda asked: web.Response(status=status, headers={"Location": address})) as entered_for:
        ask(register_endpoint(name="e", base_url=entered_for.base_url, model="m", key=CANARY))

    assert {CANARY} == keys(entered_for)
    assert [] == elsewhere.keys


def test_another_owner_at_the_same_origin_has_no_use_of_it(servers, door, open_board, people):
    entered_for, _ = servers
    register_endpoint(name="e", base_url=entered_for.base_url, model="m", key=CANARY, owner=people["owner"])
    door("other").post("/submit/", open_board.submission(entered_for.base_url, name="Sorrel"))
    drain_once(Endpoint.objects.get(owner=people["other"]))

    assert {"none"} == keys(entered_for)


def test_no_proxy_of_the_environment_gets_to_see_it(servers, monkeypatch):
    entered_for, proxy = servers
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.base_url.removesuffix("/v1"))
    ask(register_endpoint(name="e", base_url=entered_for.base_url, model="m", key=CANARY))

    assert ({CANARY}, []) == (keys(entered_for), proxy.keys)
