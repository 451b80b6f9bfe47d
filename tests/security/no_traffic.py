"""Watches this process's own sockets: what is connected to is written down, and nothing leaves the machine."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

_watching: list[list[str]] = []


@contextmanager
def connections() -> Iterator[list[str]]:
    """The addresses that sockets were connected to within the block; one beyond loopback is refused as well."""
    seen: list[str] = []
    _watching.append(seen)
    try:
        yield seen
    finally:
        _watching.remove(seen)


def _hear(event: str, told: tuple) -> None:
    if _watching and event == "socket.connect" and isinstance(told[1], tuple):
        address = told[1][0]
        for seen in _watching:
            seen.append(address)
        if not ip_address(address.partition("%")[0]).is_loopback:
            raise ConnectionRefusedError(f"a test tried to reach {address}")


sys.addaudithook(
    _hear
)  # Python tells of each connect() before it happens; a hook cannot be taken away, so it is told when
