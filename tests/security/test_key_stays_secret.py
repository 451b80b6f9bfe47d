"""S6: a key goes in and never comes out. The endpoints of these tests shout it back wherever they can."""

import asyncio
import base64
import logging

import pytest
from aiohttp import web
from asgiref.sync import async_to_sync
from django.core.management import call_command
from django.urls import reverse

from apps.contenders.models import Contender, Output
from apps.endpoints.models import Endpoint, EndpointCheck
from apps.endpoints.operations import register_endpoint
from apps.endpoints.seal import open_key
from apps.exchange.queries import TABLES
from apps.exchange.tables import FORMATS
from apps.judging.models import Judgment
from apps.runs.models import Run
from tests.security.canary import CANARY, hits, stored
from tests.workers.lanes import drain_once
from tests.workers.scripted import json_body, scripted
from workers.broker_free import work

pytestmark = pytest.mark.django_db

ADMIN_PAGES = (Endpoint, EndpointCheck, Contender, Output, Judgment, Run)


@pytest.fixture(autouse=True)
def everything_is_logged(caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    for name in ("", "django", "asyncio", "openai", "httpx2", "httpcore2", "aiohttp.client", "workers", "apps"):
        caplog.set_level(logging.DEBUG, logger=name)
    monkeypatch.setattr("workers.broker_free.LOOK_EVERY", 0.05)


@pytest.fixture
def echoing(open_board):
    """An endpoint that puts the key it was sent into text, model, fingerprint and headers, and gives legal verdicts."""

    def shout(asked):
        key = endpoint.keys[-1]
        said = json_body(
            f"I was called with Bearer {key}.\n\n```\n{key}{key}\n```\n[[A]]", model=f"m-{key}", system_fingerprint=key
        )
        said.headers["X-Echo"] = key
        return said

    with scripted(shout) as endpoint:
        open_board.judge.endpoint = register_endpoint(
            name="judge", base_url=endpoint.base_url, model="scripted", key=CANARY
        )
        open_board.judge.save()
        yield endpoint


@pytest.fixture
def submitted(door, open_board, echoing):
    """Mary's run over the echoing endpoint, worked off to its end."""
    door("owner").post("/submit/", open_board.submission(echoing.base_url, key=CANARY))
    work_until_done()
    return Run.objects.get()


def work_until_done():
    async_to_sync(work)(until_done=True, stop=asyncio.Event(), told=logging.getLogger("workers").debug)


def pages_of(run):
    """Every page that tells of the run, its endpoint or what it answered."""
    match = Judgment.objects.first().match_id
    mine = (
        f"/runs/{run.pk}/",
        f"/runs/{run.pk}/progress/",
        "/runs/",
        "/submit/",
        "/",
        "/judges/",
        "/prompts/everyday/",
    )
    theirs = (
        "/models/rowan/",
        f"/b/{match}/",
        "/agreement/",
        "/boards/everyday/",
        "/api/boards/everyday/leaderboard",
        "/status/",
        "/api/status",
    )
    return [*mine, *theirs]


def admin_pages():
    for model in ADMIN_PAGES:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        for row in model.objects.all()[:5]:
            yield reverse(f"{name}_change", args=[row.pk])
            yield reverse(f"{name}_history", args=[row.pk])
    yield reverse("admin:index")


# --- where it was echoed ----------------------------------------------------------------------------------------------
def test_an_echoed_key_is_neither_shown_nor_stored_nor_logged(door, submitted, echoing, caplog):
    assert {CANARY} == set(echoing.keys)  # it was sent, and so echoed
    assert 2 == Output.objects.filter(contender=submitted.newcomer, status="done").count()
    assert "Bearer [key]" in Output.objects.filter(contender=submitted.newcomer).first().texts[0]

    for who in ("owner", "other", "anonymous", "staff"):
        client = door(who)
        for url in pages_of(submitted):
            answer = client.get(url)
            assert answer.status_code in (200, 286, 302), url
            assert [] == hits(answer.content + repr(answer.headers).encode()), f"{who} at {url}"
    for url in admin_pages():
        answer = door("staff").get(url)
        assert (200, []) == (answer.status_code, hits(answer.content)), url

    assert [] == [place for place, value in stored() if hits(value)]
    assert [] == [record for record in caplog.records if hits(caplog.handler.format(record))]


def test_no_export_holds_it(submitted, capsys):
    for table in TABLES:
        for form in FORMATS:
            call_command("export", table, format=form)

    told = capsys.readouterr()
    assert "Rowan" in told.out
    assert [] == hits(told.out + told.err)


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 404, 422, 429, 500, 503])
def test_an_error_that_quotes_the_key_leaves_none_of_it(door, open_board, caplog, status):
    def refuse(asked):
        key = endpoint.keys[-1]
        headers = {"X-Echo": key, "Retry-After": key, "Location": f"/{key}", "Content-Type": "application/json"}
        return web.Response(status=status, headers=headers, text=f'{{"error": {{"message": "bad key {key}"}}}}')

    with scripted(refuse) as endpoint:
        door("owner").post("/submit/", open_board.submission(endpoint.base_url, key=CANARY))
        run = Run.objects.get()
        drain_once(run.newcomer.endpoint)

    check = EndpointCheck.objects.get()
    assert check.problem  # it failed, and says why
    assert CANARY in endpoint.keys
    assert [] == hits(door("owner").get(f"/runs/{run.pk}/").content)
    assert [] == [place for place, value in stored() if hits(value)]
    assert [] == [record for record in caplog.records if hits(caplog.handler.format(record))]


# --- where it was typed -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "changes",
    [{"step": "check"}, {"base_url": "http://10.0.0.1"}, {"name": ""}, {"judges": []}, {"key": f"{CANARY} {CANARY}"}],
    ids=["the plan", "a wrong address", "no name", "no judge", "a wrong key"],
)
def test_a_form_that_comes_back_does_not_bring_the_key(door, open_board, caplog, changes):
    filled_in = open_board.submission("https://api.example.com/v1", key=CANARY) | changes

    answer = door("owner").post("/submit/", filled_in)

    assert (200, []) == (answer.status_code, hits(answer.content))
    assert [] == [place for place, value in stored() if hits(value)]
    assert not hits(caplog.text)


def test_mending_and_the_admin_take_a_key_and_give_none_back(door, open_board, people):
    client, staff = door("owner"), door("staff")
    client.post("/submit/", open_board.submission("https://api.example.com/v1", key="sk-another-key"))
    run = Run.objects.get()
    mend, change = (
        f"/runs/{run.pk}/endpoint/",
        reverse("admin:endpoints_endpoint_change", args=[run.newcomer.endpoint_id]),
    )
    admin_form = {"name": "Rowan", "model": "m", "concurrency": 8, "deadline": 60, "new_key": CANARY}
    told = [
        client.post(mend, {"base_url": "http://10.0.0.1", "key": CANARY}),  # refused, and shown again
        client.post(mend, {"base_url": "https://api.example.com/v1", "key": CANARY}, follow=True),
        staff.post(change, admin_form | {"base_url": "nonsense"}),
        staff.post(change, admin_form | {"base_url": "https://api.example.com/v1"}, follow=True),
    ]

    assert [400, 200, 200, 200] == [answer.status_code for answer in told]
    assert [] == [hit for answer in told for hit in hits(answer.content)]
    endpoint = Endpoint.objects.get(pk=run.newcomer.endpoint_id)
    assert CANARY == open_key(endpoint.sealed_key, endpoint.base_url)  # it was taken
    assert [] == [place for place, value in stored() if hits(value)]


def test_a_fault_of_ours_while_the_key_is_at_hand_says_nothing_of_it(door, open_board, monkeypatch, caplog):
    def fail(**given):
        assert CANARY == given["key"]
        raise RuntimeError("the database went away")

    monkeypatch.setattr("apps.board.submit_form.submit_contender", fail)
    client = door("owner", raise_request_exception=False)

    answer = client.post("/submit/", open_board.submission("https://api.example.com/v1", key=CANARY))

    assert (500, []) == (answer.status_code, hits(answer.content))
    assert "the database went away" in caplog.text
    assert not hits(caplog.text)


def test_the_search_finds_a_canary_that_is_there():
    """Or the tests above would pass for the wrong reason."""
    register_endpoint(name=f"x {CANARY}", base_url="https://api.example.com/v1", model="m", key=CANARY)

    assert ["endpoints_endpoint.name"] == [place for place, value in stored() if hits(value)]
    assert hits(CANARY.encode().hex())
    for before in ("", "a", "ab", "Bearer "):
        assert hits(base64.b64encode(f"{before}{CANARY}".encode()))
