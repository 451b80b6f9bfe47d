"""The OpenAI shapes of a chat request, its completion and an error. No network here."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_ROLES = ("system", "developer", "user", "assistant")
# English text has about four characters to a token; the figures only have to be plausible and always the same.
_CHARACTERS_PER_TOKEN = 4
_TOKENS_PER_IMAGE = 85
_MOST_LOGPROBS = 20
_IMAGE_WORD = "picture"


class RequestRefused(Exception):
    """A request that gets an error in the OpenAI shape: HTTP status, sentence, parameter and code."""

    def __init__(self, status: int, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.param, self.code = status, message, param, code


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What the simulator needs of a chat request; `user_turns` are texts, `sampling` the seed and temperature."""

    model: str
    user_turns: tuple[str, ...]
    everything: str
    prompt_tokens: int
    max_tokens: int | None
    sampling: str
    wants_schema: bool
    menu: tuple[str, ...]  # what the schema allows as a verdict
    top_logprobs: int | None  # how many alternatives to each token are wanted; None: no log-probabilities


def read_request(body: bytes) -> ChatRequest:
    """The request in `body`; RequestRefused with a sentence naming the parameter when it is not one."""
    asked = _json_object(body)
    model = asked.get("model")
    if not isinstance(model, str) or not model:
        raise RequestRefused(400, "You must provide a model parameter, a non-empty text.", param="model")
    if asked.get("stream"):
        raise RequestRefused(
            400, "This endpoint does not stream; leave 'stream' out.", param="stream", code="unsupported_value"
        )
    if asked.get("n") not in (None, 1):
        raise RequestRefused(400, "This endpoint gives one choice; 'n' must be 1.", param="n", code="unsupported_value")
    messages = _messages(asked.get("messages"))
    texts = [_text(message.get("content"), f"messages[{index}].content") for index, message in enumerate(messages)]
    user_turns = tuple(text for message, text in zip(messages, texts, strict=True) if message["role"] == "user")
    everything = "\n".join(texts)
    return ChatRequest(
        model=model,
        user_turns=user_turns or (everything,),
        everything=everything,
        prompt_tokens=count_tokens(everything) + _TOKENS_PER_IMAGE * _count_images(messages),
        max_tokens=_max_tokens(asked),
        sampling=f"{_number(asked, 'seed')}/{_number(asked, 'temperature')}/{_number(asked, 'top_p')}",
        wants_schema=_wants_schema(asked.get("response_format")),
        menu=_menu(asked.get("response_format")),
        top_logprobs=_top_logprobs(asked),
    )


def cut(request: ChatRequest, text: str) -> str:
    """The text as far as the request's `max_tokens` go."""
    return text if request.max_tokens is None else text[: request.max_tokens * _CHARACTERS_PER_TOKEN]


def completion(
    request: ChatRequest,
    text: str,
    *,
    identity: str,
    created: int,
    fingerprint: str,
    logprobs: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A chat completion with `text`, cut at the request's `max_tokens`."""
    kept = cut(request, text)
    tokens = count_tokens(kept)
    return {
        "id": f"chatcmpl-{identity}",
        "object": "chat.completion",
        "created": created,
        "model": request.model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": kept, "refusal": None},
                "logprobs": logprobs,
                "finish_reason": "stop" if kept == text else "length",
            }
        ],
        "usage": {
            "prompt_tokens": request.prompt_tokens,
            "completion_tokens": tokens,
            "total_tokens": request.prompt_tokens + tokens,
        },
        "system_fingerprint": fingerprint,
    }


def as_object(text: str, menu: tuple[str, ...]) -> str:
    """A reply bound to a schema of reason and verdict: its last line is the verdict, or else the first one allowed."""
    reason, _, last = text.rpartition("\n")
    reason, verdict = (reason, last) if last in menu else (text, menu[0] if menu else "")
    return json.dumps({"reason": reason.strip(), "verdict": verdict}, ensure_ascii=False)


def error(message: str, *, kind: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    """An error in the shape that OpenAI clients read."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def model_list(owner_by_model: Mapping[str, str]) -> dict[str, Any]:
    """The list of models, in the order given."""
    models = [
        {"id": name, "object": "model", "created": 0, "owned_by": owner} for name, owner in owner_by_model.items()
    ]
    return {"object": "list", "data": models}


def count_tokens(text: str) -> int:
    """About how many tokens `text` has."""
    return math.ceil(len(text) / _CHARACTERS_PER_TOKEN)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        raise RequestRefused(400, "We could not parse the JSON body of your request.") from None
    if not isinstance(asked, dict):
        raise RequestRefused(400, f"The body must be a JSON object, but is {_kind(asked)}.")
    return asked


def _messages(messages: object) -> list[dict[str, Any]]:
    if not isinstance(messages, list) or not messages:
        raise RequestRefused(400, "'messages' must be a list with at least one message.", param="messages")
    for index, message in enumerate(messages):
        if not isinstance(message, dict):
            raise RequestRefused(
                400, f"A message must be an object, but is {_kind(message)}.", param=f"messages[{index}]"
            )
        if message.get("role") not in _ROLES:
            raise RequestRefused(
                400,
                f"The role of a message must be one of {', '.join(_ROLES)}, but is {message.get('role')!r}.",
                param=f"messages[{index}].role",
            )
    return messages


def _text(content: object, place: str) -> str:
    """The text of a message; an image among its parts is read as the word for it."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list) or not content:
        raise RequestRefused(400, f"Content must be a text or a list of parts, but is {_kind(content)}.", param=place)
    return "\n".join(_part_text(part, f"{place}[{index}]") for index, part in enumerate(content))


def _part_text(part: object, place: str) -> str:
    match part:
        case {"type": "text", "text": str(text)}:
            return text
        case {"type": "image_url", "image_url": {"url": str()}}:
            return _IMAGE_WORD
    raise RequestRefused(400, "A part must be {type: text, text} or {type: image_url, image_url: {url}}.", param=place)


def _count_images(messages: list[dict[str, Any]]) -> int:
    lists = (message["content"] for message in messages if isinstance(message["content"], list))
    return sum(part["type"] == "image_url" for parts in lists for part in parts)


def _max_tokens(asked: dict[str, Any]) -> int | None:
    name = "max_completion_tokens" if asked.get("max_completion_tokens") is not None else "max_tokens"
    value = asked.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise RequestRefused(400, f"'{name}' must be a whole number of at least 1, but is {value!r}.", param=name)
    return value


def _top_logprobs(asked: dict[str, Any]) -> int | None:
    if not asked.get("logprobs"):
        return None
    value = asked.get("top_logprobs") or 0
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_LOGPROBS:
        raise RequestRefused(
            400, f"'top_logprobs' must be from 0 to {_MOST_LOGPROBS}, but is {value!r}.", param="top_logprobs"
        )
    return value


def _number(asked: dict[str, Any], name: str) -> float | None:
    value = asked.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise RequestRefused(400, f"'{name}' must be a number, but is {_kind(value)}.", param=name)
    return value


def _wants_schema(response_format: object) -> bool:
    return isinstance(response_format, dict) and response_format.get("type") == "json_schema"


def _menu(response_format: object) -> tuple[str, ...]:
    match response_format:
        case {"json_schema": {"schema": {"properties": {"verdict": {"enum": [*allowed]}}}}}:
            return tuple(map(str, allowed))
    return ()


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "a truth value", type(None): "missing"}
    return names.get(type(value), "a number")
