"""Which addresses may be called. Decided where it cannot be bypassed: at the socket, on the address really dialled."""

import ipaddress
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import aiohttp
import httpx2
from aiohttp.abc import ResolveResult

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

BODY_CAP = 2 * 2**20  # bytes; no honest completion is larger
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # what IANA gives to hosts; site-local addresses lie outside

# Looks public to Python 3.11 and is not: from IANA's special-purpose registries, and what clouds keep for themselves.
NOT_PUBLIC: tuple[Network, ...] = (
    ipaddress.IPv4Network("192.0.0.0/24"),  # protocol assignments; one cloud serves its metadata at 192.0.0.192
    ipaddress.IPv4Network("192.88.99.0/24"),  # 6to4 relays, withdrawn by RFC 7526
    ipaddress.IPv4Network("168.63.129.16/32"),  # the host below a virtual machine on Azure
    ipaddress.IPv6Network("3fff::/20"),  # documentation, RFC 9637
)


class AddressRefused(OSError):
    """The name resolved to an address that is neither public nor allowed by name."""


class BodyTooLarge(Exception):
    """The endpoint sent more than BODY_CAP bytes."""


def networks(words: Sequence[str]) -> tuple[Network, ...]:
    """Parses an allow-list such as ["127.0.0.1/32"]. Raises ValueError naming the word."""
    return tuple(ipaddress.ip_network(word) for word in words)


def may_dial(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether a socket to `address` may be opened: it is on the allow-list, or as public as it looks."""
    address = _unwrapped(address)
    return _is_listed(address, allowed) or _is_public(address)


def _is_listed(address: Address, listed: Sequence[Network]) -> bool:
    return any(address in network for network in listed if network.version == address.version)


def _is_public(address: Address) -> bool:
    if _is_listed(address, NOT_PUBLIC) or not address.is_global:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        return address in GLOBAL_UNICAST
    return not (address.is_multicast or address.is_reserved)


def _unwrapped(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one (mapped, 6to4, NAT64): the one that is really reached."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or address
    return address


def guarded_socket(allowed: Sequence[Network]) -> Callable[[Any], socket.socket]:
    """A socket factory for aiohttp that refuses addresses before anything is sent."""

    def make(info: Any) -> socket.socket:
        family, kind, protocol, _, target = info
        if not may_dial(_without_zone(target[0]), allowed):
            raise AddressRefused(f"{target[0]} is not a public address")
        return socket.socket(family, kind, protocol)

    return make


def _without_zone(address: str) -> Address:
    return ipaddress.ip_address(address.partition("%")[0])


class GuardedResolver(aiohttp.ThreadedResolver):
    """Refuses a name whole when one of its addresses may not be dialled: honest names mix no public and private ones.

    The socket looks again at what is dialled. A name that leads to the allow-list is the operator's own (`localhost` is
    both 127.0.0.1 and ::1): of its addresses those that may be dialled are kept.
    """

    def __init__(self, allowed: Sequence[Network]) -> None:
        super().__init__()
        self._allowed = allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        addresses = [_without_zone(one["host"]) for one in found]
        kept = [one for one, address in zip(found, addresses, strict=True) if may_dial(address, self._allowed)]
        own = any(_is_listed(_unwrapped(address), self._allowed) for address in addresses)
        if len(kept) < len(found) and not own:
            raise AddressRefused(f"{host} has an address that is not public")
        return kept


def guarded_session(allowed: Sequence[Network], *, limit: int) -> aiohttp.ClientSession:
    """A session of at most `limit` connections that dials allowed addresses only and ignores proxy settings."""
    connector = aiohttp.TCPConnector(
        limit=limit,
        resolver=GuardedResolver(allowed),
        socket_factory=guarded_socket(allowed),
        ttl_dns_cache=30,
        keepalive_timeout=30,
    )
    return aiohttp.ClientSession(
        connector=connector, trust_env=False, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
    )


class CappedTransport(httpx2.AsyncBaseTransport):
    """Passes requests on and stops reading an answer that grows beyond `cap` bytes."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, cap: int = BODY_CAP) -> None:
        self._inner, self._cap = inner, cap

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["Accept-Encoding"] = "identity"  # a compressed body could unfold into a bomb
        response = await self._inner.handle_async_request(request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _CappedStream(response.stream, self._cap)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _CappedStream(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream, cap: int) -> None:
        self._inner, self._left = inner, cap

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            self._left -= len(chunk)
            if self._left < 0:
                raise BodyTooLarge
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()
