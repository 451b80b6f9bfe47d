"""A key that is looked for everywhere, and the places where it might turn up."""

import base64
from collections.abc import Iterator

from django.contrib.sessions.models import Session
from django.db import connection

CANARY = "sk-canary-9d41c07be25f8a63"
# The last four characters are shown to the owner on purpose; any longer piece is a leak, in whichever coat.
PIECES = (CANARY[:-4], CANARY[10:20])


def hits(text: str | bytes) -> list[str]:
    """The forms of the canary that stand in a text."""
    told = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return [form for form in (*PIECES, *_coats()) if form in told]


def _coats() -> list[str]:
    """The canary as hexadecimal, and as base64 at each of the three offsets at which it can start."""
    coats = [CANARY.encode().hex()]
    for offset in range(3):
        encoded = base64.b64encode(b"x" * offset + CANARY.encode()).decode()
        coats.append(encoded[4:24])
    return coats


def stored() -> Iterator[tuple[str, str | bytes]]:
    """Every value of every table, and what the sessions hold behind their signature."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield from ((f"{table}.{name}", _as_text(value)) for name, value in zip(names, row, strict=True))
    for session in Session.objects.all():
        yield "session", repr(session.get_decoded())


def _as_text(value: object) -> str | bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value)
