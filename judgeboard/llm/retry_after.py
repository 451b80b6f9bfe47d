"""How long an endpoint asks us to stay away, in whichever way it says so."""

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

LONGEST = 86_400.0  # seconds; whoever asks for more is asked again after a day


def read_retry_after(headers: Mapping[str, str], *, now: float) -> float | None:
    """Seconds from `now` (a POSIX time), or None if the headers say nothing that can be read.

    `retry-after-ms` holds milliseconds; `retry-after` holds seconds or an HTTP date (RFC 9110, 10.2.3). Such a date is
    read against the endpoint's own clock, which its `date` tells: the two clocks may be hours apart.
    """
    their_now = _date(headers.get("date"))
    wait = _seconds_or_date(headers.get("retry-after"), now if their_now is None else their_now)
    waits = (_milliseconds(headers.get("retry-after-ms")), wait)
    known = [wait for wait in waits if wait is not None]
    return min(max(0.0, known[0]), LONGEST) if known else None


def _milliseconds(word: str | None) -> float | None:
    return None if (number := _number(word)) is None else number / 1000


def _seconds_or_date(word: str | None, now: float) -> float | None:
    if (number := _number(word)) is not None:
        return number
    return None if (date := _date(word)) is None else date - now


def _date(word: str | None) -> float | None:
    """A POSIX time. A date that names no zone is one of Greenwich, as all of HTTP's are."""
    try:
        told = parsedate_to_datetime(word or "")
        return (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def _number(word: str | None) -> float | None:
    try:
        number = float(word) if word is not None else None
    except ValueError:
        return None
    return number if number is not None and number == number and abs(number) != float("inf") else None
