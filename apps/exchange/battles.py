"""Two answers and which was the better, with the prompt beside them -> prompts, outputs, matches, and what was said.

Arena battles (`conversation_a`, `conversation_b`, `winner`, maybe `judge`); the Arena's 55k CSV (`prompt`,
`response_a`, `response_b` as JSON arrays in text, `winner_model_a`, `winner_model_b`, `winner_tie`); AutoArena's CSV
(`model_a`, `model_b`, `prompt`, `response_a`, `response_b`, `winner`); AlpacaEval's annotations (`generator_1`,
`output_1`, `generator_2`, `output_2`, `preference`, `annotator`). Answers belong to the models that the row names.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.exchange.evidence import store_said
from apps.exchange.fields import Data, required, time_of, word
from apps.exchange.files import Row
from apps.exchange.known import KnownPrompt
from apps.exchange.outputs import GivenOutput, store_outputs
from apps.exchange.report import BadRow, FileReport
from apps.exchange.said import BOTH, INCONSISTENT, Rater, Said, Verdict, outcome_of
from apps.prompts.imports import CONTENT_NAMES, RejectedLine, prompt_row
from judgeboard.arena.outcome import Outcome

KEYS = ("question_id", "uid", "key", "id")
ONE_HOT = {"winner_model_a": Outcome.MODEL_A, "winner_model_b": Outcome.MODEL_B, "winner_tie": Outcome.TIE}
SIDES = {  # of each form: the names of both models, and of both answers
    "conversations": (("model_a", "model_b"), ("conversation_a", "conversation_b")),
    "responses": (("model_a", "model_b"), ("response_a", "response_b")),
    "annotations": (("generator_1", "generator_2"), ("output_1", "output_2")),
}
EVEN = 1.5  # AlpacaEval's preference for neither; 1 is the first output, 2 the second


@dataclass(frozen=True)
class Battle:
    """`sides`: the two outputs as the row names them."""

    sides: tuple[GivenOutput, GivenOutput]
    rater: Rater
    verdict: Verdict


@dataclass
class _Refusals(FileReport):
    """Of both outputs of a row the first that is refused refuses the row."""

    passed_on: Callable[[int, str], None] = lambda line, reason: None
    lines: set[int] = field(default_factory=set)

    def reject(self, line: int, reason: str) -> None:
        if line not in self.lines:
            self.lines.add(line)
            self.passed_on(line, reason)


def holds_battles(data: Data) -> bool:
    return _form(data) is not None and (_is_annotation(data) or "winner" in data or ONE_HOT.keys() <= data.keys())


def read_battle(row: Row, file_name: str, is_judge: Callable[[str], bool]) -> Battle:
    """Raises BadRow. A voter whom the row does not name is called after the file and the row."""
    form = _form(row.data)
    if form is None:
        raise BadRow("The row does not hold two models with an answer each.")
    models, answers = SIDES[form]
    names = tuple(word(row.data, name, longest=200) for name in models)
    if names[0] == names[1]:
        raise BadRow(f"{names[0]!r} meets itself; a match needs two different models.")
    asked, texts = _talk(row.data, form, answers)
    try:
        prompt = prompt_row(asked | _about(row.data))
    except RejectedLine as problem:
        raise BadRow(f"There is no prompt: {problem}.") from None
    key_given = any(row.data.get(key) not in (None, "") for key in KEYS)
    sides = tuple(
        GivenOutput(prompt, key_given, name, said, time_of(row.data)) for name, said in zip(names, texts, strict=True)
    )
    return Battle((sides[0], sides[1]), _rater(row, file_name, is_judge), _verdict(row.data))


def store_battles(slug: str, read: list[tuple[int, Battle]], report: FileReport, now: datetime) -> set[int]:
    """Writes what is new; the keys of the judges that speak in these rows."""
    heard = _Refusals(report.path, passed_on=report.reject)
    keys = store_outputs(slug, [(line, given) for line, battle in read for given in battle.sides], heard)
    for sentence, rows in heard.notes.items():
        report.note(sentence, rows)
    for model, answers in heard.models.items():
        report.models[model] = report.models.get(model, 0) + answers
    said = [(line, _said(battle, keys[line])) for line, battle in read if line not in heard.lines and line in keys]
    return store_said(said, report, now)


def _said(battle: Battle, place: tuple[str, KnownPrompt]) -> Said:
    key, prompt = place
    models = (battle.sides[0].model, battle.sides[1].model)
    turns = min(prompt.turns, *(len(given.texts) for given in battle.sides))
    return Said(battle.rater, models, key, prompt, turns, (battle.verdict,))


def _form(data: Data) -> str | None:
    return next((form for form, names in SIDES.items() if {*names[0], *names[1]} <= data.keys()), None)


def _is_annotation(data: Data) -> bool:
    return "preference" in data and _form(data) == "annotations"


def _about(data: Data) -> dict[str, Any]:
    given = {name: data[name] for name in ("category", "system") if isinstance(data.get(name), str)}
    key = next((data[name] for name in KEYS if data.get(name) not in (None, "")), None)
    return given if key is None else given | {"key": key}


def _talk(data: Data, form: str, answers: tuple[str, str]) -> tuple[dict[str, Any], list[list[str]]]:
    """What was asked, and what both answered, one text a turn."""
    if form == "conversations":
        talks = [_turns(data[name], name) for name in answers]
        if talks[0]["user"] != talks[1]["user"]:
            raise BadRow("The two conversations ask something else; answers are compared that answer the same.")
        return {"turns": talks[0]["user"]}, [talk["assistant"] for talk in talks]
    name = next((name for name in CONTENT_NAMES if name in data), None)
    if name is None:
        raise BadRow(f"There is no prompt: expected one of {', '.join(CONTENT_NAMES)}.")
    asked = _listed(data[name], name)
    return {"turns": asked}, [_listed(data[answer], answer) for answer in answers]


def _listed(told: Any, name: str) -> list[str]:
    """A text, a list of texts, or a list that is written as JSON in a text; a null in it is an empty text."""
    if isinstance(told, str) and told.startswith("["):
        try:
            found = json.loads(told)
        except (ValueError, RecursionError):
            found = told
        told = found if isinstance(found, list) else told
    texts = told if isinstance(told, list) else [told]
    if not texts or not all(text is None or isinstance(text, str) for text in texts):
        raise BadRow(f"{name} is no text and no list of texts.")
    return [text or "" for text in texts]


def _turns(talk: Any, name: str) -> dict[str, list[str]]:
    if not isinstance(talk, list) or not all(isinstance(message, Mapping) for message in talk):
        raise BadRow(f"{name} is no list of messages.")
    said: dict[str, list[str]] = {"user": [], "assistant": []}
    for message in talk:
        role, text = message.get("role"), _text(message.get("content"))
        if role not in said or text is None:
            raise BadRow(f"{name} has a message that is neither a user's text nor an assistant's.")
        said[role].append(text)
    return said


def _text(content: Any) -> str | None:
    """Newer Arena logs hold a list of parts."""
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, Mapping) and part.get("type") == "text"]
        whole = len(parts) == len(content) and all(isinstance(part, str) for part in parts)
        return "\n\n".join(map(str, parts)) if whole else None
    return content if isinstance(content, str) else None


def _rater(row: Row, file_name: str, is_judge: Callable[[str], bool]) -> Rater:
    if _is_annotation(row.data):
        return Rater(word(row.data, "annotator", longest=110), is_judge=True)
    if row.data.get("judge"):
        name = word(row.data, "judge", longest=120)
        return Rater(name, is_judge(name))
    return Rater(
        f"{file_name[:90]}-{row.data.get('id') or row.data.get('question_id') or row.line}"[:120], is_judge=False
    )


def _verdict(data: Data) -> Verdict:
    if _is_annotation(data):
        return Verdict(BOTH, _preferred(data["preference"]))
    if "winner" in data:
        return Verdict(BOTH, outcome_of(data["winner"]), flipped=data["winner"] in INCONSISTENT)
    marked = [outcome for name, outcome in ONE_HOT.items() if str(required(data, name)).strip() in ("1", "1.0", "True")]
    if len(marked) != 1:
        raise BadRow(f"{', '.join(ONE_HOT)} mark {len(marked)} outcomes; expected one of them to be 1.")
    return Verdict(BOTH, marked[0])


def _preferred(preference: Any) -> Outcome | None:
    """None: the annotator's reply held no verdict."""
    if preference is None:
        return None
    try:
        told = float(preference)
    except (TypeError, ValueError):
        told = float("nan")
    if not 1 <= told <= 2:
        raise BadRow(f"preference is {preference!r}; expected a number from 1 to 2, or null.")
    return Outcome.TIE if told == EVEN else Outcome.MODEL_A if told < EVEN else Outcome.MODEL_B
