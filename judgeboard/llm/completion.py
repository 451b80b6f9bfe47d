"""What a model said: one chat completion, read from the body of a reply."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from judgeboard.llm.alternatives import Token, read_tokens
from judgeboard.llm.body import NoCompletion, read_body


@dataclass(frozen=True)
class Completion:
    """`text` can be stored anywhere (no NUL, no lone surrogates); it may be empty.

    tokens: the last of them with their alternatives, where they were asked for and told; never stored.
    """

    text: str
    finish_reason: str
    model: str
    tokens_in: int
    tokens_out: int
    latency_ms: int
    fingerprint: str = ""
    tokens: tuple[Token, ...] = ()


def read_completion(body: bytes, *, kept: Callable[[str], str], latency_ms: int, content_type: str = "") -> Completion:
    """The first choice; whatever else is missing or odd is left empty. kept: cleans what the endpoint wrote.

    It is read by hand, since the client library's own models cost more processor time than the call itself.
    Raises NoCompletion.
    """
    told = read_body(body, content_type=content_type)
    choice = told["choices"][0]
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(message, dict):
        raise NoCompletion("The endpoint answered with a choice that holds no message.")
    usage = told["usage"] if isinstance(told.get("usage"), dict) else {}
    return Completion(
        text=kept(_text(message.get("content"))),
        finish_reason=kept(_text(choice.get("finish_reason"))),
        model=kept(_text(told.get("model")))[:200],
        tokens_in=_count(usage.get("prompt_tokens")),
        tokens_out=_count(usage.get("completion_tokens")),
        latency_ms=latency_ms,
        fingerprint=kept(_text(told.get("system_fingerprint")))[:100],
        tokens=read_tokens(choice.get("logprobs")),
    )


def storable(text: str) -> str:
    """The text without what a database cannot hold: NUL and lone surrogates become the replacement character."""
    return text.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _text(content: Any) -> str:
    """A text, or the texts of its parts, as some servers send them."""
    if isinstance(content, list):
        return "".join(_text(part.get("text")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _count(value: Any) -> int:
    return int(value) if isinstance(value, int | float) and value == value and abs(value) != float("inf") else 0
