"""Which language a visitor reads, and that nobody is sent what was made for readers of another."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from apps.ratings.models import Leaderboard
from apps.ratings.operations import METHOD
from tests import cast
from tests.pages.test_kept import PAGES

pytestmark = pytest.mark.django_db

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
FOR_PROGRAMS = [
    "/api/boards/everyday/leaderboard",
    "/api/nowhere/",
    "/embed/everyday/",
    "/badge/everyday/aster.svg",
    "/badge/everyday/aster.json",
    "/boards/everyday/table.csv",
    "/boards/everyday/releases.atom",
    "/sitemap.xml",
    "/robots.txt",
    "/healthz",
]


@pytest.fixture
def full():
    return cast.full_board()


def language_of(answer) -> tuple[str, str]:
    return answer["Content-Language"], answer.content.decode().partition('<html lang="')[2][:2]


def test_pages_are_english_unless_the_browser_asks_for_german(client, full):
    assert ("en", "en") == language_of(client.get("/"))
    assert ("de", "de") == language_of(client.get("/", headers=GERMAN))
    assert ("en", "en") == language_of(client.get("/", headers={"Accept-Language": "fr"}))


def test_a_language_is_chosen_by_a_form_that_needs_no_token_and_no_script(full):
    visitor = Client(enforce_csrf_checks=True)

    answer = visitor.post(
        reverse("set_language"), {"language": "de"}, headers={"Referer": "http://testserver/agreement/?category=logic"}
    )

    assert (302, "/agreement/?category=logic") == (
        answer.status_code,
        answer["Location"].removeprefix("http://testserver"),
    )
    assert ("de", "de") == language_of(visitor.get("/"))


def test_what_was_chosen_goes_before_what_the_browser_asks_for(client, full):
    client.post(reverse("set_language"), {"language": "en"})

    assert ("en", "en") == language_of(client.get("/", headers=GERMAN))


def test_the_choice_leads_nowhere_else_and_an_unknown_language_changes_nothing(client, full):
    answer = client.post(reverse("set_language"), {"language": "xx", "next": "https://elsewhere.example/"})

    assert "/" == answer["Location"]
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies


def test_each_page_offers_every_language_by_its_own_name(client, full):
    page = client.get("/").content.decode()

    assert 'value="en" lang="en" aria-current="true">English</button>' in page
    assert 'value="de" lang="de">Deutsch</button>' in page


@pytest.mark.parametrize("address", PAGES)
def test_a_kept_page_is_sent_to_readers_of_its_language_alone(client, full, address):
    english = client.get(address)
    german = client.get(address, headers=GERMAN)

    assert ("en", "de") == (language_of(english)[1], language_of(german)[1])
    assert (english.content, german.content) == (
        client.get(address).content,
        client.get(address, headers=GERMAN).content,
    )
    assert {"Accept-Language", "Cookie"} <= set(german["Vary"].split(", "))


@pytest.mark.parametrize("address", PAGES)
def test_whoever_has_a_page_in_another_language_is_sent_it_in_theirs(client, full, address):
    english = client.get(address)["ETag"]
    german = client.get(address, headers=GERMAN)["ETag"]

    assert 200 == client.get(address, headers=GERMAN | {"If-None-Match": english}).status_code
    unchanged = client.get(address, headers=GERMAN | {"If-None-Match": german})
    assert (304, "de") == (unchanged.status_code, unchanged["Content-Language"])
    assert {"Accept-Language", "Cookie"} <= set(unchanged["Vary"].split(", "))


def test_a_release_is_kept_for_good_by_language(client, full):
    cast.stand(full, fitted_at=cast.NOON - timedelta(days=40))
    address = reverse("board:release", args=["everyday", f"{cast.NOON - timedelta(days=40):%Y-%m-%d}"])

    german = client.get(address, headers=GERMAN)

    assert "immutable" in german["Cache-Control"]
    assert {"Accept-Language", "Cookie"} <= set(german["Vary"].split(", "))
    assert ("de", "de") == language_of(german)


@pytest.mark.parametrize("address", FOR_PROGRAMS)
def test_what_programs_read_is_english_for_everybody(client, full, address):
    plain, asked = client.get(address), client.get(address, headers=GERMAN)

    assert (plain.content, plain.status_code) == (asked.content, asked.status_code)
    assert "en" == asked["Content-Language"]
    assert "Accept-Language" not in asked.get("Vary", "")


def test_what_a_row_says_is_translated_where_it_is_shown(client, full):
    Leaderboard.objects.update(method=METHOD)

    assert METHOD in client.get("/").content.decode()
    assert (
        "Bradley-Terry nach Maximum Likelihood; Intervalle von 95 %" in client.get("/", headers=GERMAN).content.decode()
    )
