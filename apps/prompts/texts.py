"""What a database cannot keep as text, found before it is asked to."""

import math
from collections.abc import Iterator
from typing import Any


def unstorable(value: Any) -> str:
    """Why no text column or JSON column can keep `value`; empty if one can."""
    if any(isinstance(leaf, float) and not math.isfinite(leaf) for leaf in _leaves(value)):
        return "it holds a number that is not finite"
    for text in filter(lambda leaf: isinstance(leaf, str), _leaves(value)):
        if "\0" in text:
            return "it holds a NUL character"
        if any("\ud800" <= character <= "\udfff" for character in text):
            return "it holds half of a surrogate pair, which is no character"
    return ""


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from _leaves([*value.keys(), *value.values()])
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value
