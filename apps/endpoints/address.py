"""Which base URLs may be written down. Which addresses may be dialled is decided at the socket, in `llm.guard`."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Where programs differ on what a URL means, none is sent a key: https://a\@b, a line break, 127。0。0。1, %31.
MISREAD = re.compile(r"[\s\x00-\x1f\x7f\\]")
HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\])(:[0-9]*)?")  # no IPv6 zones, none of IPvFuture
NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
WELL_KNOWN = 1024  # below it each port belongs to a service of its own: mail, files, remote shells


class UnusableAddress(ValueError):
    """Says in one sentence why this base URL is not accepted."""


def check_base_url(url: str) -> str:
    """The base URL without a trailing slash. Raises UnusableAddress."""
    url = url.strip().rstrip("/")
    parts, port = _split(url)
    if MISREAD.search(url) or not HOST.fullmatch(parts.netloc):
        raise UnusableAddress(
            gettext("The base URL must hold no spaces or backslashes, and its host only plain ASCII letters.")
        )
    _check_host(parts.scheme, parts.hostname or "")
    if port == 0:
        raise UnusableAddress(gettext("Port 0 cannot be called."))
    if parts.scheme == "https" and port is not None and port != 443 and port < WELL_KNOWN:
        raise UnusableAddress(
            gettext("Port {port} belongs to another service; https is served at 443 or from 1024 on.").format(port=port)
        )
    return url


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UnusableAddress(
            gettext("This is not a URL; expected something like https://api.example.com/v1.")
        ) from None
    if parts.scheme not in ("http", "https") or not host:
        raise UnusableAddress(gettext("The base URL must start with https:// and name a host."))
    if parts.username is not None or parts.password is not None:
        raise UnusableAddress(
            gettext("The base URL must not hold a user name or password; enter the key in its own field.")
        )
    if parts.query or parts.fragment:
        raise UnusableAddress(gettext("The base URL must not have a ? or # part."))
    return parts, port


def _check_host(scheme: str, host: str) -> None:
    address = _spelled_out(host)
    allowed = address is not None and any(address in ipaddress.ip_network(word) for word in settings.ALLOWED_NETWORKS)
    if scheme == "http" and not allowed:
        raise UnusableAddress(
            gettext("Only https addresses are called; plain http needs an entry in ALLOWED_NETWORKS.")
        )
    if address is not None and not allowed and not address.is_global:
        raise UnusableAddress(
            gettext("This address is not public, so it is not called; it needs an entry in ALLOWED_NETWORKS.")
        )


def _spelled_out(host: str) -> Address | None:
    """The address that a host stands for without asking a name server; None for a name. Raises UnusableAddress.

    A last label that is a number makes a host an IPv4 address to browsers and resolvers alike, however it is written
    (0x7f.1, 017700000001; WHATWG URL, "ends in a number"): only the form that everybody reads alike is taken.
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return ipaddress.IPv4Address("127.0.0.1")
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        if ":" in host or NUMBER.fullmatch(name.rpartition(".")[2]):
            raise UnusableAddress(
                gettext("An address in numbers is written like 93.184.216.34 or [2606:2800::1].")
            ) from None
        return None
