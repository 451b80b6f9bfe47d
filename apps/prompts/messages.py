"""The shape of a prompt: OpenAI messages, checked before they are stored, so that nothing behind has to guess."""

from collections.abc import Sequence
from typing import Any


class MalformedPrompt(ValueError):
    """Says in one sentence what was found and what was expected."""


def check_messages(messages: Any) -> None:
    """Accepts an optional leading system message and one or more user messages; refuses everything else by name."""
    if not isinstance(messages, list) or not messages:
        raise MalformedPrompt("messages must be a list with at least one user message.")
    for number, message in enumerate(messages, 1):
        _check_message(number, message)
    roles = [message["role"] for message in messages]
    if "system" in roles[1:]:
        raise MalformedPrompt("a system message may only stand first.")
    if "user" not in roles:
        raise MalformedPrompt("there is no user message.")


def _check_message(number: int, message: Any) -> None:
    if not isinstance(message, dict) or set(message) != {"role", "content"}:
        raise MalformedPrompt(f"message {number} must be an object with role and content.")
    if message["role"] not in ("system", "user"):
        raise MalformedPrompt(f"message {number} has the role {message['role']!r}; expected system or user.")
    content = message["content"]
    if isinstance(content, list):
        for part in content:
            _check_part(number, part)
    elif not isinstance(content, str) or not content.strip():
        raise MalformedPrompt(f"message {number} is empty; expected text or a list of parts.")


def _check_part(number: int, part: Any) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind == "text" and isinstance(part.get("text"), str):
        return
    if kind != "image_url":
        raise MalformedPrompt(f"message {number} has a part that is neither text nor image_url.")
    image = part.get("image_url")
    url = image.get("url") if isinstance(image, dict) else None
    if not isinstance(url, str) or not url.startswith("data:image/"):
        raise MalformedPrompt(
            f"message {number} has an image that is not a data:image/ URI; remote images are not fetched."
        )


def check_reference(reference: Any, turns: int) -> None:
    """Accepts no reference or one text per user turn."""
    if not isinstance(reference, list) or not all(isinstance(text, str) for text in reference):
        raise MalformedPrompt("reference must be a list of texts.")
    if reference and len(reference) != turns:
        raise MalformedPrompt(f"reference has {len(reference)} texts for {turns} user turns.")


def plain_text(content: str | Sequence[dict[str, Any]]) -> str:
    """The text of a message's content; images are named, not shown."""
    if isinstance(content, str):
        return content
    return "\n\n".join(part["text"] if part["type"] == "text" else "[image]" for part in content)


def image_uris(content: str | Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """The images of a message's content as data URIs, in order."""
    if isinstance(content, str):
        return ()
    return tuple(part["image_url"]["url"] for part in content if part["type"] == "image_url")
