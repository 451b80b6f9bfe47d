import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"


def sign_up(client, **changes):
    return client.post(reverse("sign_up"), {"username": "mary", "password1": PASSWORD, "password2": PASSWORD} | changes)


def test_signing_up_makes_an_account_and_signs_it_in(client):
    answer = sign_up(client)

    assert answer.url == reverse("board:home")
    assert str(User.objects.get(username="mary").pk) == client.session["_auth_user_id"]


def test_an_account_made_on_the_way_to_submit_leads_on_to_submit(client):
    assert "/submit/" == sign_up(client, next="/submit/").url


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
@pytest.mark.parametrize("door", ["sign_in", "sign_up"])
def test_nobody_is_sent_off_the_site(client, door, elsewhere):
    User.objects.create_user("john", password=PASSWORD)
    words = {"username": "john", "password": PASSWORD} if door == "sign_in" else {"username": "mary"}

    answer = client.post(reverse(door), words | {"password1": PASSWORD, "password2": PASSWORD, "next": elsewhere})

    assert answer.url == reverse("board:home")


def test_a_bad_password_is_said_at_its_field(client):
    answer = sign_up(client, password1="12345", password2="12345")

    assert "too short" in answer.content.decode()
    assert not User.objects.exists()


def test_a_password_is_never_sent_back(client):
    User.objects.create_user("mary", password=PASSWORD)
    pages = [
        sign_up(client),
        client.post(reverse("sign_in"), {"username": "mary", "password": PASSWORD + "!"}),
    ]

    for page in pages:
        assert 200 == page.status_code
        assert PASSWORD not in page.content.decode()


def test_whoever_is_signed_in_needs_no_door(client):
    client.force_login(User.objects.create_user("mary"))

    for door in ("sign_in", "sign_up"):
        assert reverse("board:home") == client.get(reverse(door)).url


def test_signing_out_takes_a_post(client):
    client.force_login(User.objects.create_user("mary"))

    assert 405 == client.get(reverse("sign_out")).status_code
    client.post(reverse("sign_out"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("door", ["sign_in", "sign_up", "sign_out"])
def test_every_door_wants_a_csrf_token(door):
    assert 403 == Client(enforce_csrf_checks=True).post(reverse(door)).status_code


def test_the_doors_lead_to_each_other_with_the_way_on(client):
    assert "/sign-up/?next=%2Fsubmit%2F" in client.get("/sign-in/?next=/submit/").content.decode()
    assert "/sign-in/?next=%2Fsubmit%2F" in client.get("/sign-up/?next=/submit/").content.decode()
