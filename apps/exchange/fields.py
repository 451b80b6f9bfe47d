"""One field of a row at a time: present, of the right kind, and short enough for its column, or a sentence."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from apps.exchange.report import BadRow

Data = Mapping[str, Any]


def required(data: Data, name: str) -> Any:
    if name not in data:
        raise BadRow(f"The key {name!r} is missing.")
    return data[name]


def word(data: Data, name: str, *, longest: int) -> str:
    """A text that names something: not blank, of at most so many characters."""
    found = required(data, name)
    if not isinstance(found, str) or not found.strip():
        raise BadRow(f"{name} is {_shown(found)}; expected a name.")
    if len(found) > longest:
        raise BadRow(f"{name} has {len(found)} characters; at most {longest} are taken.")
    return found.strip()


def question_key(data: Data, name: str = "question_id") -> str:
    found = required(data, name)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return word(data, name, longest=80)


def turn_number(data: Data, turns: int) -> int:
    found = required(data, "turn")
    if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= turns:
        raise BadRow(f"turn is {_shown(found)}; the question has {turns} turn{'s' * (turns != 1)}.")
    return found


def texts(data: Data, name: str) -> list[str]:
    """A list of texts; a null stands for an empty one."""
    found = required(data, name)
    if not isinstance(found, list) or not all(text is None or isinstance(text, str) for text in found):
        raise BadRow(f"{name} is {_shown(found)}; expected a list of texts.")
    return [text or "" for text in found]


def time_of(data: Data) -> datetime | None:
    """The `tstamp` in seconds since 1970, where there is a sensible one."""
    try:
        return datetime.fromtimestamp(data["tstamp"], UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def _shown(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
