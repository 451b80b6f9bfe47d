"""The chat completion requests that the small model understands; everything else gets a sentence, as OpenAI shapes it."""

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

# What the model's card samples with (huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct); holds where a request is silent.
TEMPERATURE, TOP_P = 0.2, 0.9
# The system message that the model's own chat template puts first where a conversation brings none.
SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
ROLES = ("system", "user", "assistant")
NOT_SPOKEN = {"stream": False, "n": 1, "tools": None, "response_format": None, "stop": None, "logprobs": False}


class Unanswerable(ValueError):
    """Says in one sentence why a request is not answered. `code` as in OpenAI's errors."""

    def __init__(self, sentence: str, *, status: int = 400, code: str | None = None) -> None:
        super().__init__(sentence)
        self.status, self.code = status, code

    def as_json(self) -> dict[str, Any]:
        return {"error": {"message": str(self), "type": "invalid_request_error", "param": None, "code": self.code}}


@dataclass(frozen=True)
class Chat:
    """One request. max_tokens None: as many as there is room for. The same seed and text give the same reply."""

    model: str
    messages: tuple[tuple[str, str], ...]  # role and text
    temperature: float
    top_p: float
    max_tokens: int | None
    seed: int


def read_chat(body: bytes, *, served: Container[str]) -> Chat:
    """The request in `body` to one of the models that are `served`. Raises Unanswerable."""
    try:
        told = json.loads(body)
    except ValueError:
        raise Unanswerable("The request is not JSON.") from None
    if not isinstance(told, dict):
        raise Unanswerable("The request must be a JSON object.")
    if told.get("model") not in served:
        raise Unanswerable(f"There is no model {told.get('model')!r}.", status=404, code="model_not_found")
    _refuse_what_is_not_spoken(told)
    return Chat(
        model=told["model"],
        messages=_messages(told.get("messages")),
        temperature=_number(told, "temperature", TEMPERATURE, 0, 2),
        top_p=_number(told, "top_p", TOP_P, 0, 1),
        max_tokens=_whole_number(told, "max_tokens", least=1),
        seed=_seed(told, body),
    )


def _refuse_what_is_not_spoken(told: Mapping[str, Any]) -> None:
    for name, harmless in NOT_SPOKEN.items():
        if told.get(name) not in (None, harmless):
            raise Unanswerable(f"{name} is not supported here.", code="unsupported_parameter")


def _messages(told: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(told, list) or not told:
        raise Unanswerable("messages must be a list of at least one message.")
    messages = [_message(message, number) for number, message in enumerate(told)]
    if messages[0][0] != "system":
        messages.insert(0, ("system", SYSTEM))
    return tuple(messages)


def _message(told: Any, number: int) -> tuple[str, str]:
    if not isinstance(told, dict) or told.get("role") not in ROLES:
        raise Unanswerable(f"messages[{number}] must have one of the roles {', '.join(ROLES)}.")
    return told["role"], _text(told.get("content"), number)


def _text(content: Any, number: int) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(part, dict) and part.get("type") == "text" for part in content):
        return "\n\n".join(str(part.get("text", "")) for part in content)
    raise Unanswerable(f"messages[{number}] must have a text as its content: this model sees no images.")


def _number(told: Mapping[str, Any], name: str, default: float, least: float, most: float) -> float:
    value = told.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise Unanswerable(f"{name} must be a number from {least} to {most}; found {value!r}.")
    return float(value)


def _whole_number(told: Mapping[str, Any], name: str, *, least: int) -> int | None:
    value = told.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise Unanswerable(f"{name} must be a whole number from {least} on; found {value!r}.")
    return value


def _seed(told: Mapping[str, Any], body: bytes) -> int:
    """A request without a seed draws by its own text: a test that asks the same is told the same."""
    seed = _whole_number(told, "seed", least=0)
    return crc32(body) if seed is None else seed


def completion(text: str, *, model: str, finish_reason: str, usage: Sequence[int]) -> dict[str, Any]:
    """The answer in OpenAI's shape. usage: tokens of the prompt, tokens of the reply."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish_reason}
    counts = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    return {"id": "chatcmpl-small", "object": "chat.completion", "model": model, "choices": [choice], "usage": counts}
