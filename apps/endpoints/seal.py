"""Endpoint keys at rest: sealed, and bound to the origin they were entered for.

A key is opened only right before a call, in a worker, and only for the origin it was entered for: an endpoint whose
address was changed afterwards has, in effect, no key.
"""

import json
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class KeyCannotBeOpened(Exception):
    """The sealing keys in SEAL_KEYS do not open this key: it must be entered anew."""


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def origin_of(base_url: str) -> str:
    """Scheme, host and port: what a key is bound to."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def seal(key: str, base_url: str) -> bytes:
    """The sealed form of `key` for the origin of `base_url`; empty for an empty key."""
    if not key:
        return b""
    content = json.dumps({"origin": origin_of(base_url), "key": key})
    return _box(tuple(settings.SEAL_KEYS)).encrypt(content.encode())


def open_key(sealed: bytes | memoryview, base_url: str) -> str:
    """The key, or "" if there is none or it was entered for another origin. Raises KeyCannotBeOpened."""
    if not sealed:
        return ""
    try:
        content = json.loads(_box(tuple(settings.SEAL_KEYS)).decrypt(bytes(sealed)))
    except InvalidToken:
        raise KeyCannotBeOpened("The stored key cannot be opened with SEAL_KEYS; enter it again.") from None
    return content["key"] if content["origin"] == origin_of(base_url) else ""
