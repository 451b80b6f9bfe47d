"""Which base URLs may be written down. Which addresses may be dialled is decided at the socket, in `llm.guard`."""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings


class UnusableAddress(ValueError):
    """Says in one sentence why this base URL is not accepted."""


def check_base_url(url: str) -> str:
    """The base URL without a trailing slash. Raises UnusableAddress."""
    url = url.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UnusableAddress("This is not a URL; expected something like https://api.example.com/v1.") from None
    if parts.scheme not in ("http", "https") or not host:
        raise UnusableAddress("The base URL must start with https:// and name a host.")
    if parts.username is not None or parts.password is not None:
        raise UnusableAddress("The base URL must not hold a user name or password; enter the key in its own field.")
    if parts.query or parts.fragment:
        raise UnusableAddress("The base URL must not have a ? or # part.")
    if parts.scheme == "http" and not _is_allowed_literal(host):
        raise UnusableAddress("Only https addresses are called; plain http needs an entry in ALLOWED_NETWORKS.")
    if port == 0:
        raise UnusableAddress("Port 0 cannot be called.")
    return url


def _is_allowed_literal(host: str) -> bool:
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in settings.ALLOWED_NETWORKS)
