"""What a database cannot keep as text, found before it is asked to."""

import math
from collections.abc import Iterator
from typing import Any

MOST_DEEP = 64


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


def too_deep(value: Any, most: int = MOST_DEEP) -> bool:
    """Whether lists and objects stand in each other more than `most` times: whatever walks them later would break."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return most == 0 or any(too_deep(item, most - 1) for item in inner)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from _leaves([*value.keys(), *value.values()])
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value
