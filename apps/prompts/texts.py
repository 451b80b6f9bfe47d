"""What a database cannot keep as text, found before it is asked to."""

from collections.abc import Iterator
from typing import Any


def unstorable(value: Any) -> str:
    """Why no text column or JSON column can keep `value`; empty if one can."""
    for text in _texts(value):
        if "\0" in text:
            return "it holds a NUL character"
        if any("\ud800" <= character <= "\udfff" for character in text):
            return "it holds half of a surrogate pair, which is no character"
    return ""


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts([*value.keys(), *value.values()])
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
