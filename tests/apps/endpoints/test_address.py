import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.endpoints.address import UnusableAddress, check_base_url


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://api.example.com/v1", "https://api.example.com/v1"),
        ("  https://api.example.com/v1/ ", "https://api.example.com/v1"),
        ("https://api.example.com:8443", "https://api.example.com:8443"),
        ("https://[2606:4700::1111]/v1", "https://[2606:4700::1111]/v1"),
    ],
)
def test_an_https_address_is_kept_without_its_last_slash(typed, kept):
    assert kept == check_base_url(typed)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "must start with https://"),
        ("api.example.com/v1", "must start with https://"),
        ("ftp://api.example.com", "must start with https://"),
        ("file:///etc/passwd", "must start with https://"),
        ("javascript:alert(1)", "must start with https://"),
        ("https://", "name a host"),
        ("https://user:key@api.example.com/v1", "user name or password"),
        ("https://key@api.example.com/v1", "user name or password"),
        ("https://api.example.com/v1?key=x", r"\? or # part"),
        ("https://api.example.com/v1#x", r"\? or # part"),
        ("https://api.example.com:0/v1", "Port 0"),
        ("https://api.example.com:99999/v1", "not a URL"),
        ("https://api.example.com:x/v1", "not a URL"),
        ("https://[::1/v1", "not a URL"),
        ("http://api.example.com/v1", "Only https"),
        ("http://8.8.8.8/v1", "Only https"),
    ],
)
def test_an_address_that_cannot_be_used_says_why(settings, typed, told):
    settings.ALLOWED_NETWORKS = []

    with pytest.raises(UnusableAddress, match=told):
        check_base_url(typed)


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "127.8.9.10"])
def test_plain_http_is_for_allowed_networks_only(settings, host):
    settings.ALLOWED_NETWORKS = ["127.0.0.0/8"]
    assert f"http://{host}" == check_base_url(f"http://{host}/")

    settings.ALLOWED_NETWORKS = ["10.0.0.0/8"]
    with pytest.raises(UnusableAddress, match="ALLOWED_NETWORKS"):
        check_base_url(f"http://{host}/")


@given(typed=st.text() | st.builds("https://{}".format, st.text()))
def test_whatever_is_typed_is_kept_once_or_refused_with_a_sentence(typed):
    try:
        kept = check_base_url(typed)
    except UnusableAddress as problem:
        assert str(problem).endswith(".")
    else:
        assert kept == check_base_url(kept)
