"""Pages that are kept as they were made: until what they show changes, and without anything of a visitor in them."""

import gzip

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from apps.board import stamp
from apps.ratings.models import Leaderboard
from tests import cast
from tests.cast import text_of

pytestmark = pytest.mark.django_db

QUERIES = 2  # at most, to know whether a page changed
PAGES = ["/", "/boards/everyday/", "/agreement/", "/judges/", "/models/aster/", "/releases/"]


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch):
    monkeypatch.setattr(stamp, "FRESH", 1e12)


@pytest.fixture
def full():
    return cast.full_board()


@pytest.fixture
def mary(client):
    client.force_login(User.objects.create_user("rosalind"))
    return client


def asked_again(client, address, etag):
    return client.get(address, headers={"If-None-Match": etag})


@pytest.mark.parametrize("address", PAGES)
def test_whoever_has_a_page_is_not_sent_it_again(client, full, address, django_assert_max_num_queries):
    etag = client.get(address)["ETag"]

    with django_assert_max_num_queries(QUERIES):
        answer = asked_again(client, address, etag)

    assert (304, b"", etag) == (answer.status_code, answer.content, answer["ETag"])


@pytest.mark.parametrize("address", PAGES)
def test_a_page_that_was_made_is_sent_as_it_was(client, full, address, django_assert_max_num_queries):
    made = client.get(address)

    with django_assert_max_num_queries(QUERIES):
        again = client.get(address)

    assert (made.content, 200) == (again.content, again.status_code)
    assert b"csrfmiddlewaretoken" not in made.content  # a token is somebody's


@pytest.mark.parametrize("address", PAGES)
def test_a_new_snapshot_a_recount_and_an_edit_make_another_page(client, full, address, admin_client):
    etag = client.get(address)["ETag"]
    cast.stand(full)
    seen = [etag, asked_again(client, address, etag)["ETag"]]
    Leaderboard.objects.update(n_open=5)
    seen.append(asked_again(client, address, seen[-1])["ETag"])
    edited = {"name": "Writing", "slug": "writing"}
    category = full.board.prompt_sets.get().prompts.first().category
    assert 302 == admin_client.post(reverse("admin:prompts_category_change", args=[category.pk]), edited).status_code
    seen.append(asked_again(client, address, seen[-1])["ETag"])

    assert 4 == len(set(seen))


def test_what_is_shown_is_the_new_snapshot(client, full):
    client.get("/")
    cast.stand(full, n_judgments=4321)

    assert "from 4,321 judgments" in text_of(client.get("/"))


def test_time_makes_another_page_too(client, full, monkeypatch):
    etag = client.get("/")["ETag"]
    monkeypatch.setattr(stamp, "FRESH", 1e-6)

    assert 200 == asked_again(client, "/", etag).status_code


def test_each_view_is_a_page_of_its_own(client, full):
    words = ["", "?rater=people", "?weights=open", "?sort=model"]

    assert len(words) == len({client.get(f"/boards/everyday/{word}")["ETag"] for word in words})


def test_nothing_of_who_asked_first_is_in_what_others_are_sent(mary, full):
    hers = mary.get("/").content.decode()

    others = Client().get("/").content.decode()

    assert ("rosalind" in hers, "Sign out" in hers) == (True, True)
    assert ("rosalind" in others, "Sign out" in others, "Sign in" in others) == (False, False, True)
    assert not any("rosalind" in gzip.decompress(page).decode() for page in kept_pages())


def kept_pages():
    return [cache.get(key.rpartition(":")[2]) for key in cache._cache]


def test_who_asks_second_sees_their_own_name(mary, full, django_assert_num_queries):
    Client().get("/agreement/")

    with django_assert_num_queries(3):  # the stamp, the session, the user
        hers = mary.get("/agreement/").content.decode()

    assert "rosalind" in hers
    assert "Sign in" not in hers
    assert 1 == hers.count('class="account"')


def test_a_page_of_somebody_is_not_that_of_a_stranger(mary, full):
    etag = mary.get("/")["ETag"]

    assert 304 == asked_again(mary, "/", etag).status_code
    assert 200 == asked_again(Client(), "/", etag).status_code


def test_signing_out_works_from_a_kept_page(full):
    visitor = Client(enforce_csrf_checks=True)
    visitor.force_login(User.objects.create_user("rosalind"))
    visitor.get("/")
    page = visitor.get("/").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]

    assert 302 == visitor.post(reverse("sign_out"), {"csrfmiddlewaretoken": token}).status_code


def test_maintainers_find_the_admin_on_every_page(admin_client, client, full):
    assert 'href="/admin/"' in admin_client.get("/").content.decode()
    assert 'href="/admin/"' not in client.get("/").content.decode()


def test_with_a_message_to_be_shown_a_page_is_made_for_its_visitor_alone(client, full):
    client.cookies["messages"] = "something to be said"

    shown = client.get("/")

    assert "ETag" not in shown
    assert not list(kept_pages())


def test_pages_are_compressed_for_whoever_takes_it(client, full):
    plain = client.get("/")
    packed = client.get("/", headers={"Accept-Encoding": "gzip, br"})

    assert "gzip" == packed["Content-Encoding"]
    assert plain.content == gzip.decompress(packed.content)
    assert "Content-Encoding" not in plain
    assert {"Cookie", "Accept-Encoding"} <= set(plain["Vary"].split(", "))
    assert "private, no-cache" == plain["Cache-Control"]


def test_pages_that_are_not_kept_are_compressed_too(client, full):
    assert "gzip" == client.get("/methodology/", headers={"Accept-Encoding": "gzip"})["Content-Encoding"]


def test_what_is_not_found_is_not_kept(client, full):
    answer = client.get("/boards/moon/")

    assert (404, False) == (answer.status_code, answer.has_header("ETag"))
    assert not list(kept_pages())


def test_before_there_is_a_board_maintainers_are_told_otherwise_than_strangers(client, admin_client):
    assert "Sign in to make one" in text_of(client.get("/"))
    assert "Make a board in the admin" in text_of(admin_client.get("/"))
