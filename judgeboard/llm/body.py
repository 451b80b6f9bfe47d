"""The body of a reply under status 200: JSON that holds choices, or a sentence that says what else was sent."""

import json
from typing import Any

EXPECTED = "where a chat completion was expected"
KINDS = {
    "text/event-stream": "The endpoint streamed its answer though no stream was asked for.",
    "text/html": f"The endpoint answered with a web page (HTML) {EXPECTED}.",
}
BEGINNINGS = {  # of bodies that come under another name, in lower case
    b"data:": KINDS["text/event-stream"],
    b"event:": KINDS["text/event-stream"],
    b": ": KINDS["text/event-stream"],
    b"<!doctype html": KINDS["text/html"],
    b"<html": KINDS["text/html"],
    b"<": f"The endpoint answered with XML {EXPECTED}.",
}


class NoCompletion(Exception):
    """The body is no chat completion. The sentence says what it is, without quoting it."""


def read_body(body: bytes, *, content_type: str = "") -> dict[str, Any]:
    """The object in the body, which holds a list of choices with something in it.

    What is JSON is read as such, whatever its content type says. Raises NoCompletion.
    """
    if not body.strip():
        raise NoCompletion(f"The endpoint answered with an empty body {EXPECTED}.")
    try:
        told = _parsed(body)
    except RecursionError:
        raise NoCompletion("The endpoint answered with JSON that is nested too deeply.") from None
    except ValueError:
        raise NoCompletion(_no_json(body.lstrip(b" \t\r\n\xef\xbb\xbf"), content_type)) from None
    _check(told)
    return dict(told)


def _parsed(body: bytes) -> Any:
    """A byte that is no UTF-8 costs its character, not the answer."""
    try:
        return json.loads(body)
    except UnicodeDecodeError:
        return json.loads(body.decode("utf-8", "replace"))


def _no_json(body: bytes, content_type: str) -> str:
    if body[:1] in (b"{", b"["):
        return "The endpoint answered with JSON that breaks off or is broken."
    kind = KINDS.get(content_type.partition(";")[0].strip().lower())
    beginnings = (told for beginning, told in BEGINNINGS.items() if body[:20].lower().startswith(beginning))
    return kind or next(beginnings, f"The endpoint answered with something that is not JSON {EXPECTED}.")


def _check(told: Any) -> None:
    if not isinstance(told, dict):
        raise NoCompletion(f"The endpoint answered with JSON that is no object {EXPECTED}.")
    if told.get("error") and not told.get("choices"):
        raise NoCompletion(f"The endpoint answered with an error under status 200 {EXPECTED}.")
    if "choices" not in told:
        raise NoCompletion(f"The endpoint answered with an object without choices {EXPECTED}.")
    if not isinstance(told["choices"], list) or not told["choices"]:
        raise NoCompletion("The endpoint answered without a choice.")
