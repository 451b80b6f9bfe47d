import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from apps.endpoints.models import Endpoint
from apps.endpoints.operations import move_endpoint, register_endpoint, replace_key
from apps.endpoints.seal import KeyCannotBeOpened, open_key, origin_of, seal

URL = "https://api.example.com/v1"
KEY = "sk-0123456789abcdef"


@pytest.fixture
def seal_keys(settings) -> list[str]:
    settings.SEAL_KEYS = [Fernet.generate_key().decode()]
    return settings.SEAL_KEYS


# --- sealing ----------------------------------------------------------------------------------------------------------
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_sealed_key_opens_to_itself_and_does_not_show(seal_keys, key):
    sealed = seal(key, URL)

    assert key == open_key(sealed, URL)
    assert len(key) < 8 or key.encode() not in sealed


def test_no_key_needs_no_seal():
    assert (b"", "") == (seal("", URL), open_key(b"", URL))


def test_the_same_key_is_sealed_differently_each_time():
    assert seal(KEY, URL) != seal(KEY, URL)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example.com/v1",
        "http://api.example.com/v1",
        "https://api.example.com:8443/v1",
        "https://api.example.com.evil.example/v1",
        "https://api.example.com@evil.example/v1",
    ],
)
def test_a_key_does_not_open_for_another_origin(elsewhere):
    assert "" == open_key(seal(KEY, URL), elsewhere)


@pytest.mark.parametrize("same", ["https://api.example.com/v2", "https://API.example.com", "https://api.example.com/"])
def test_a_key_opens_for_every_path_of_its_origin(same):
    assert KEY == open_key(seal(KEY, URL), same)


def test_a_meddled_seal_does_not_open():
    sealed = bytearray(seal(KEY, URL))
    sealed[20] ^= 1

    with pytest.raises(KeyCannotBeOpened, match="enter it again"):
        open_key(bytes(sealed), URL)


def test_after_a_rotation_old_keys_still_open_and_new_ones_are_sealed_with_the_newest(settings, seal_keys):
    old_keys, sealed_before = list(seal_keys), seal(KEY, URL)
    settings.SEAL_KEYS = [Fernet.generate_key().decode(), *old_keys]
    sealed_after = seal(KEY, URL)

    assert [KEY, KEY] == [open_key(sealed_before, URL), open_key(sealed_after, URL)]

    settings.SEAL_KEYS = old_keys
    with pytest.raises(KeyCannotBeOpened):
        open_key(sealed_after, URL)


def test_an_origin_is_scheme_host_and_port():
    assert "https://api.example.com:8443" == origin_of("HTTPS://API.Example.com:8443/v1/chat")


# --- endpoints --------------------------------------------------------------------------------------------------------
@pytest.fixture
def endpoint(db) -> Endpoint:
    return register_endpoint(name="e", base_url=URL, model="m", key=KEY)


def stored(endpoint: Endpoint) -> tuple[str, str, str]:
    endpoint.refresh_from_db()
    return open_key(bytes(endpoint.sealed_key), endpoint.base_url), endpoint.key_origin, endpoint.key_hint


def test_an_endpoint_keeps_its_key_sealed_with_its_origin_and_last_four(endpoint):
    assert (KEY, "https://api.example.com", "cdef") == stored(endpoint)
    assert KEY.encode() not in bytes(endpoint.sealed_key)


def test_a_key_is_erased_when_its_endpoint_moves_to_another_origin(endpoint):
    move_endpoint(endpoint=endpoint, base_url="https://evil.example.com/v1")

    assert ("", "", "") == stored(endpoint)
    assert b"" == bytes(endpoint.sealed_key)


def test_a_key_stays_when_its_endpoint_moves_within_its_origin(endpoint):
    move_endpoint(endpoint=endpoint, base_url="https://api.example.com/v2/")

    assert (KEY, "https://api.example.com", "cdef") == stored(endpoint)


def test_a_key_of_an_endpoint_moved_behind_our_back_does_not_open(endpoint):
    Endpoint.objects.update(base_url="https://evil.example.com/v1")

    assert "" == stored(endpoint)[0]


def test_a_replaced_key_is_bound_anew(endpoint):
    replace_key(endpoint=endpoint, key="sk-another-key-7777")

    assert ("sk-another-key-7777", "https://api.example.com", "7777") == stored(endpoint)


def test_of_a_short_key_nothing_is_shown(endpoint):
    replace_key(endpoint=endpoint, key="short")

    assert ("short", "https://api.example.com", "") == stored(endpoint)
