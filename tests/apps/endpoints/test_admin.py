from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.budgets.price import Price
from apps.endpoints.models import Endpoint, EndpointCheck
from apps.endpoints.operations import register_endpoint
from apps.endpoints.seal import open_key

pytestmark = pytest.mark.django_db
URL = "https://api.example.com/v1"
KEY = "sk-0123456789abcdef"
ADD = reverse("admin:endpoints_endpoint_add")


def fields(**changed: object) -> dict[str, object]:
    return {"name": "e", "base_url": URL, "model": "m", "concurrency": 4, "deadline": 60, "new_key": ""} | changed


@pytest.fixture
def endpoint() -> Endpoint:
    return register_endpoint(name="e", base_url=URL, model="m", key=KEY)


@pytest.fixture
def change(admin_client, endpoint):
    def post(**changed: object):
        address = reverse("admin:endpoints_endpoint_change", args=[endpoint.pk])
        return admin_client.post(address, fields(**changed), follow=True)

    return post


def stored_key() -> str:
    endpoint = Endpoint.objects.get()
    return open_key(bytes(endpoint.sealed_key), endpoint.base_url)


def test_a_new_endpoint_has_its_key_sealed(admin_client):
    admin_client.post(ADD, fields(new_key=KEY))

    endpoint = Endpoint.objects.get()
    assert (KEY, "cdef", 4, 60) == (stored_key(), endpoint.key_hint, endpoint.concurrency, endpoint.deadline)


def test_a_stored_key_is_never_shown_but_for_its_end(admin_client, endpoint):
    alone = admin_client.get(reverse("admin:endpoints_endpoint_change", args=[endpoint.pk])).content.decode()
    listed = admin_client.get(reverse("admin:endpoints_endpoint_changelist")).content.decode()

    for page in (alone, listed):
        assert "…cdef" in page
        assert KEY not in page
        assert bytes(endpoint.sealed_key).decode()[:20] not in page


def test_a_typed_key_does_not_come_back_with_a_form_that_is_refused(admin_client):
    page = admin_client.post(ADD, fields(new_key=KEY, base_url="ftp://x")).content.decode()

    assert "The base URL must start with https://" in page
    assert KEY not in page


def test_an_empty_key_field_leaves_the_stored_key(change):
    change(name="renamed", base_url="https://api.example.com/v2")

    assert (KEY, "renamed") == (stored_key(), Endpoint.objects.get().name)


def test_a_new_key_replaces_the_stored_one(change):
    change(new_key="sk-another-key-7777")

    assert "sk-another-key-7777" == stored_key()


def test_an_endpoint_that_moves_loses_its_key_and_says_so(change):
    response = change(base_url="https://other.example.com/v1")

    assert b"" == bytes(Endpoint.objects.get().sealed_key)
    assert "is erased" in " ".join(str(message) for message in response.context["messages"])


def test_an_endpoint_that_moves_with_a_new_key_keeps_that(change):
    change(base_url="https://other.example.com/v1", new_key="sk-another-key-7777")

    assert "sk-another-key-7777" == stored_key()


def test_a_key_is_erased_on_demand(change):
    change(forget_key="on")

    assert "" == stored_key()


def test_a_key_is_not_erased_and_entered_at_once(change):
    change(forget_key="on", new_key="sk-another-key-7777")

    assert KEY == stored_key()


def test_a_check_is_asked_for_once(admin_client, endpoint):
    for _ in range(2):
        admin_client.post(
            reverse("admin:endpoints_endpoint_changelist"), {"action": "try_now", "_selected_action": [endpoint.pk]}
        )

    assert [endpoint.pk] == list(EndpointCheck.objects.wanted().values_list("endpoint", flat=True))


PRICED = {"usd_per_million_in": "0.15", "usd_per_million_out": "0.60"}


def test_a_price_is_kept_with_its_source_and_its_date(change):
    change(**PRICED, price_source="https://example.com/prices", price_date="2026-03-01")

    endpoint = Endpoint.objects.get()
    assert Price(Decimal("0.15"), Decimal("0.60")) == endpoint.price
    assert ("https://example.com/prices", date(2026, 3, 1)) == (endpoint.price_source, endpoint.price_date)


@pytest.mark.parametrize("missing", PRICED)
def test_half_a_price_is_refused(change, missing):
    response = change(**PRICED | {missing: ""})

    assert ["A price has both sides: tokens in and tokens out."] == response.context[
        "adminform"
    ].form.non_field_errors()
    assert Endpoint.objects.get().price is None


def test_a_price_below_nothing_is_refused(change):
    change(**PRICED | {"usd_per_million_in": "-1"})

    assert Endpoint.objects.get().price is None
