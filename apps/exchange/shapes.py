"""Rows as other tools shape them -> rows in our words, so that everything behind reads one shape.

ShareGPT (`conversations` of `from` and `value`), OpenAI evals (`input` as messages, `ideal`), Inspect's samples.
"""

from collections.abc import Mapping
from typing import Any

from apps.exchange.report import BadRow

ROLES = {"human": "user", "user": "user", "gpt": "assistant", "assistant": "assistant", "system": "system"}


def in_our_words(data: dict[str, Any]) -> dict[str, Any]:
    """The row itself where its shape is none of these. Raises BadRow."""
    if isinstance(data.get("conversations"), list) and "messages" not in data:
        return _of_sharegpt(data)
    if isinstance(data.get("input"), list) and "messages" not in data:
        return _of_evals(data)
    return data


def of_inspect(sample: Mapping[str, Any], model: str) -> dict[str, Any]:
    """A sample with what `model` answered to it: of several epochs the first. Raises BadRow."""
    if sample.get("epoch", 1) != 1:
        raise BadRow(f"This is epoch {sample['epoch']}; of a model's answers to a prompt the first epoch's is read.")
    asked = sample.get("input")
    messages = asked if isinstance(asked, list) else [{"role": "user", "content": asked}]
    row = {
        "messages": [*map(_role_and_content, messages), {"role": "assistant", "content": _answer(sample)}],
        "model": model,
    }
    if sample.get("id") is not None:
        row["key"] = str(sample["id"])
    return row | _reference(sample.get("target"))


def _of_sharegpt(data: dict[str, Any]) -> dict[str, Any]:
    """Without a model nobody knows whose the answers are: then only what was asked is read."""
    messages = [_said(number, message) for number, message in enumerate(data["conversations"], 1)]
    while messages and messages[0]["role"] == "assistant":  # the middle of a talk that was cut into pieces
        del messages[0]
    if not data.get("model"):
        messages = [message for message in messages if message["role"] != "assistant"]
    return {name: value for name, value in data.items() if name != "conversations"} | {"messages": messages}


def _said(number: int, message: Any) -> dict[str, Any]:
    role = ROLES.get(str(message.get("from"))) if isinstance(message, Mapping) else None
    if role is None:
        raise BadRow(f"Entry {number} of conversations is by nobody known; expected from: {', '.join(ROLES)}.")
    return {"role": role, "content": message.get("value")}


def _of_evals(data: dict[str, Any]) -> dict[str, Any]:
    beside = {name: value for name, value in data.items() if name not in ("input", "ideal")}
    return beside | {"messages": data["input"]} | _reference(data.get("ideal"))


def _reference(told: Any) -> dict[str, Any]:
    """Of several answers that are right the first stands for all."""
    first = told[0] if isinstance(told, list) and told else told
    return {"reference": first} if isinstance(first, str) and first.strip() else {}


def _role_and_content(message: Any) -> dict[str, Any]:
    if not isinstance(message, Mapping):
        raise BadRow("input is neither a text nor a list of messages.")
    return {"role": message.get("role"), "content": message.get("content")}


def _answer(sample: Mapping[str, Any]) -> str:
    output = sample.get("output")
    choices = output.get("choices") if isinstance(output, Mapping) else None
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], Mapping):
        raise BadRow("The sample has no output: its model did not answer.")
    message = choices[0].get("message")
    content = message.get("content") if isinstance(message, Mapping) else None
    if isinstance(content, list):  # parts: reasoning and pictures are no part of an answer's text
        parts = [part for part in content if isinstance(part, Mapping) and part.get("type") == "text"]
        told = [part["text"] for part in parts if isinstance(part.get("text"), str)]
        content = "".join(told) if told else None
    if not isinstance(content, str):
        raise BadRow("The first choice of the output has no text.")
    return content
