"""The database is away: nobody listens where it is looked for. That it comes back is shown in tests/chaos."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import DatabaseError, OperationalError, connection
from django.test import Client

from judgeboard.outage import RETRY_AFTER
from tests.chaos.mortal import django_on

NOWHERE = "postgres://nobody:none@127.0.0.1:1/none"


@pytest.fixture
def visitor(transactional_db):
    """Somebody signed in, to whom an error is shown as it is to people."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is a file: it does not go away.")
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_user("mary"))
    return client


@pytest.fixture
def outage(visitor):
    with django_on(NOWHERE):
        yield


@pytest.mark.parametrize("path", ["/", "/runs/", "/vote/", "/submit/", "/sign-in/", "/admin/", "/methodology/"])
def test_pages_say_that_they_are_back_in_a_moment(visitor, outage, path):
    answer = visitor.get(path)

    assert (503, str(RETRY_AFTER)) == (answer.status_code, answer["Retry-After"])
    assert "Back in a moment" in answer.content.decode()
    assert "no-store" == answer["Cache-Control"]


@pytest.mark.parametrize("path", ["/vote/abc/", "/submit/", "/sign-up/", "/sign-in/"])
def test_what_was_posted_is_told_to_be_sent_again(visitor, outage, path):
    answer = visitor.post(path, {"username": "anne", "password": "x", "choice": "left"})

    assert (503, str(RETRY_AFTER)) == (answer.status_code, answer["Retry-After"])


@pytest.mark.parametrize(("cause", "status"), [(OperationalError("terminated"), 503), (DatabaseError("no row"), 400)])
def test_a_session_that_cannot_be_saved_is_an_outage_only_when_the_database_is_away(
    visitor, monkeypatch, settings, cause, status
):
    def cut_off(*_, **__):
        raise cause

    monkeypatch.setattr(Session, "save", cut_off)
    settings.SESSION_SAVE_EVERY_REQUEST = True

    answer = visitor.get("/methodology/")

    assert status == answer.status_code
    assert (status == 503) == ("Retry-After" in answer)


def test_the_api_says_so_in_json(visitor, outage):
    answer = visitor.get("/api/boards/everyday/leaderboard")

    assert (503, str(RETRY_AFTER)) == (answer.status_code, answer["Retry-After"])
    assert "The database does not answer just now" in answer.json()["detail"]


def test_a_fault_of_ours_is_no_outage(visitor, monkeypatch):
    monkeypatch.setattr("apps.board.views.boards.Board.objects.public", lambda: 1 / 0)

    answer = visitor.get("/")

    assert 500 == answer.status_code
    assert "Something broke" in answer.content.decode()
    assert "Retry-After" not in answer
