"""What models answered, with the prompts beside it -> prompts of a set, and their outputs.

One row a model and prompt: `prompt, model, output` as JSON lines, as a JSON array or as CSV; AlpacaEval's
`model_outputs.json` (`instruction, generator, output`); AutoArena's CSV (`prompt, response`: the model is called like
the file); Arena-Hard's answers (`messages` with the assistant's turns, `model`); what `shapes` makes of others.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from apps.exchange.answers import Answer, store_answers
from apps.exchange.fields import Data, time_of, word
from apps.exchange.files import Row
from apps.exchange.known import KnownPrompt, prompt_set_of
from apps.exchange.prompts import new_set
from apps.exchange.report import BadRow, FileReport
from apps.prompts.imports import CONTENT_NAMES, RejectedLine, prompt_row
from apps.prompts.models import PromptSet
from apps.prompts.operations import add_prompts

MODEL_NAMES = ("model", "model_id", "model_name", "generator")
OUTPUT_NAMES = ("output", "response", "answer", "completion")
KEYS = ("key", "question_id", "uid")  # of the prompt; an `id` may be that of the row


@dataclass(frozen=True)
class GivenOutput:
    """`prompt` is in the shape that `add_prompts` takes; `has_key`: the file names it, it is not made of its text."""

    prompt: dict[str, Any]
    has_key: bool
    model: str
    texts: list[str]
    answered_at: datetime | None


def holds_outputs(data: Data) -> bool:
    """Whether a row says what one model answered to the prompt that stands beside."""
    if _conversation(data):
        return _name_in(data, MODEL_NAMES) is not None
    asked, answered = _name_in(data, CONTENT_NAMES), _name_in(data, OUTPUT_NAMES)
    if not asked or not answered:
        return False
    return _name_in(data, MODEL_NAMES) is not None or (asked, answered) == ("prompt", "response")


def read_output(row: Row, file_name: str) -> GivenOutput:
    """A row of such a file; one that names no model is by the one the file is named after. Raises BadRow."""
    asked, texts = _conversation(row.data) or _plain(row.data)
    given = {name: row.data[name] for name in (*KEYS, "category", "language", "reference") if row.data.get(name)}
    try:
        prompt = prompt_row(asked | given)
    except RejectedLine as problem:
        raise BadRow(f"There is no prompt: {problem}.") from None
    turns = sum(message["role"] == "user" for message in prompt["messages"])
    if len(texts) > turns:
        raise BadRow(f"The answer has {len(texts)} turns, but the prompt has {turns}.")
    name = _name_in(row.data, MODEL_NAMES)
    model = word(row.data, name, longest=200) if name else file_name
    return GivenOutput(prompt, any(row.data.get(key) for key in KEYS), model, texts, time_of(row.data))


def store_outputs(
    slug: str, read: list[tuple[int, GivenOutput]], report: FileReport, private_to: User | None = None
) -> dict[int, tuple[str, KnownPrompt]]:
    """Adds what prompts are new to the set, and then the outputs; what is there already is never changed.

    By line, the key of its prompt and the prompt.
    """
    prompt_set = prompt_set_of(slug) or new_set(slug, private_to)
    place = _Place(prompt_set)
    placed = [(line, given, place.of(given)) for line, given in read]
    report.note("brings a prompt that is new to the set.", len(place.new))
    if not prompt_set.is_frozen:
        add_prompts(prompt_set=prompt_set, rows=place.new.values())
    known = {prompt.key: KnownPrompt(prompt.pk, len(prompt.turns)) for prompt in prompt_set.prompts.all()}
    answers = []
    for line, given, key in placed:
        if key is None:
            told = f"Prompt {given.prompt['key']} is there already with another text; give the new one its own key."
            report.reject(line, told)
        elif key not in known:
            report.reject(line, f"Prompt {key} is new, but {prompt_set} is frozen; make its next version first.")
        else:
            answers.append((line, Answer(given.model, key, known[key], given.texts, given.answered_at)))
    store_answers(answers, report, private_to)
    return {line: (answer.key, answer.prompt) for line, answer in answers}


class _Place:
    """Where in the set a prompt stands: under its key, or under another if the same is asked there."""

    def __init__(self, prompt_set: PromptSet) -> None:
        self._asked = dict(prompt_set.prompts.values_list("key", "messages"))
        self._keys = {_text(messages): key for key, messages in self._asked.items()}
        self.new: dict[str, Mapping[str, Any]] = {}

    def of(self, given: GivenOutput) -> str | None:
        """The key of its prompt; None where that key asks something else."""
        key, messages = given.prompt["key"], given.prompt["messages"]
        if not given.has_key:
            key = self._keys.get(_text(messages), key)
        if key not in self._asked:
            self.new[key] = given.prompt
            self._asked[key] = messages
            self._keys.setdefault(_text(messages), key)
        return key if self._asked[key] == messages else None


def _text(messages: Any) -> str:
    return json.dumps(messages, sort_keys=True)


def _name_in(data: Data, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in data), None)


def _plain(data: Data) -> tuple[dict[str, Any], list[str]]:
    name = _name_in(data, OUTPUT_NAMES)
    if name is None:
        raise BadRow(f"There is no answer: expected one of {', '.join(OUTPUT_NAMES)}.")
    told = data[name]
    texts = told if isinstance(told, list) else [told]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise BadRow(f"{name} is no text and no list of texts.")
    return {name: data[name] for name in (*CONTENT_NAMES, "system") if name in data}, texts


def _conversation(data: Data) -> tuple[dict[str, Any], list[str]] | None:
    """What was asked and what was answered, where messages hold both; None where they do not."""
    messages = data.get("messages")
    if not isinstance(messages, list) or not all(isinstance(message, Mapping) for message in messages):
        return None
    answers = [_said(message.get("content")) for message in messages if message.get("role") == "assistant"]
    if not answers or None in answers:
        return None
    asked = [dict(message) for message in messages if message.get("role") != "assistant"]
    return {"messages": asked}, [text for text in answers if text is not None]


def _said(content: Any) -> str | None:
    """Arena-Hard puts the text of an answer into an object."""
    told = content.get("answer") if isinstance(content, Mapping) else content
    return told if isinstance(told, str) else None
