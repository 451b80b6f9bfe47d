"""Which addresses may be called. Decided where it cannot be bypassed: at the socket, on the address really dialled."""

import ipaddress
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import aiohttp
import httpx2

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

BODY_CAP = 2 * 2**20  # bytes; no honest completion is larger
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


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
    if any(address in network for network in allowed if network.version == address.version):
        return True
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


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
        if not may_dial(ipaddress.ip_address(target[0].partition("%")[0]), allowed):
            raise AddressRefused(f"{target[0]} is not a public address")
        return socket.socket(family, kind, protocol)

    return make


def guarded_session(allowed: Sequence[Network], *, limit: int) -> aiohttp.ClientSession:
    """A session of at most `limit` connections that dials allowed addresses only and ignores proxy settings."""
    connector = aiohttp.TCPConnector(
        limit=limit, socket_factory=guarded_socket(allowed), ttl_dns_cache=30, keepalive_timeout=30
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
