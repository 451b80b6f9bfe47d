"""Seeded randomness: the same parts give the same generator on every machine and in every process."""

import hashlib
import random

_SEPARATOR = b"\x1f"


def generator(*parts: object) -> random.Random:
    """A generator that depends on nothing but the text of `parts` (their order counts)."""
    # "surrogatepass": a prompt may carry lone surrogates, and it must be answered all the same.
    text = _SEPARATOR.join(str(part).encode("utf-8", "surrogatepass") for part in parts)
    return random.Random(int.from_bytes(hashlib.blake2b(text, digest_size=8).digest()))
