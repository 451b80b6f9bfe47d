"""Which kind of file this is, told from what it holds."""

from collections.abc import Callable, Mapping
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import Any

from apps.exchange.battles import holds_battles
from apps.exchange.files import is_array, is_csv, is_log, json_object, numbered_lines, rows
from apps.exchange.outputs import MODEL_NAMES, OUTPUT_NAMES, holds_outputs
from apps.exchange.report import BadRow
from apps.prompts.imports import CONTENT_NAMES

LOOKED_AT = 20  # rows; one good row among them is enough to know a file
SAYING = {"winner", "response_a", "response_b", "judgment", "preference"}  # columns in which answers are compared
ANSWER_COLUMNS = SAYING.union(OUTPUT_NAMES)


class Kind(Enum):
    """In the order in which files are imported: what is spoken about comes before what is said."""

    QUESTIONS = "MT-Bench questions"
    PROMPTS = "prompts"
    REFERENCES = "reference answers"
    ANSWERS = "model answers"
    OUTPUTS = "prompts with model outputs"
    PAIRS = "judge verdicts (FastChat)"
    VERDICTS = "judge verdicts"
    VOTES = "human votes"
    BATTLES = "battles with their answers"
    GAMES = "judge verdicts (Arena-Hard)"


class LeftAlone(Exception):
    """A file this command does not read; the sentence says why."""


SIGNATURES: dict[Kind, frozenset[str]] = {
    Kind.QUESTIONS: frozenset({"question_id", "turns"}),
    Kind.ANSWERS: frozenset({"question_id", "model_id", "choices"}),
    Kind.PAIRS: frozenset({"question_id", "model_1", "model_2", "g1_winner", "g2_winner"}),
    Kind.VERDICTS: frozenset({"question_id", "model_a", "model_b", "judge", "winner"}),
    Kind.GAMES: frozenset({"uid", "model", "judge", "games"}),
    Kind.PROMPTS: frozenset({"messages"}),
}
OUT_OF_SCOPE = {
    frozenset({"judgment", "score"}): "Grades of single answers are not read; only comparisons of two answers are.",
    frozenset({"prompt_template"}): "Templates of judge prompts are not read; a judge is set up in the admin.",
}


def kind_of(path: Path, is_judge: Callable[[str], bool]) -> Kind:
    """The kind of the file, by the first of its rows that has one. Raises LeftAlone, and OSError where unreadable."""
    if path.stat().st_size == 0:
        raise LeftAlone("The file is empty.")
    if is_csv(path):
        return _kind_of_csv(path)
    if is_log(path):
        return Kind.OUTPUTS
    objects = (
        [row.data for row in islice(rows(path, _passed_by), LOOKED_AT)] if is_array(path) else _first_objects(path)
    )
    for data in objects:
        kind = _kind_of_row(data)
        if kind is Kind.ANSWERS and _holds_references(path):
            return Kind.REFERENCES
        if kind is Kind.VERDICTS and not is_judge(str(data["judge"])):
            return Kind.VOTES
        if kind:
            return kind
    raise LeftAlone(_why_not(objects))


def _first_objects(path: Path) -> list[dict[str, Any]]:
    found = []
    for _, line in islice(numbered_lines(path, _passed_by), LOOKED_AT):
        try:
            found.append(json_object(line))
        except BadRow:
            continue
    return found


def _passed_by(line: int, reason: str) -> None:
    """Looking at a file refuses nothing; reading it does."""


def _kind_of_row(data: Mapping[str, Any]) -> Kind | None:
    if holds_battles(data) and not isinstance(data.get("question_id"), int):  # a number is one of MT-Bench's questions
        return Kind.BATTLES
    if not SAYING & data.keys() and holds_outputs(data):
        return Kind.OUTPUTS
    known = (kind for kind, signature in SIGNATURES.items() if signature <= data.keys())
    return next(known, Kind.PROMPTS if _is_plain_prompt(data) else None)


def _is_plain_prompt(data: Mapping[str, Any]) -> bool:
    return any(name in data for name in CONTENT_NAMES) and not ANSWER_COLUMNS & data.keys()


def _holds_references(path: Path) -> bool:
    """Reference answers look like model answers; only the name tells: reference_answer_* or reference_answer/*."""
    return any(part.startswith("reference_answer") for part in (path.name, path.resolve().parent.name))


def _kind_of_csv(path: Path) -> Kind:
    kinds = (_kind_of_row(row.data) for row in islice(rows(path, _passed_by), LOOKED_AT))
    known = next((kind for kind in kinds if kind in (Kind.PROMPTS, Kind.OUTPUTS, Kind.BATTLES)), None)
    if known:
        return known
    columns, answers, models = (", ".join(names) for names in (CONTENT_NAMES, OUTPUT_NAMES, MODEL_NAMES))
    raise LeftAlone(
        f"A CSV is read if it has one of the columns {columns}, none of them twice; with answers "
        f"also one of {answers}, and one of {models}."
    )


def _why_not(objects: list[dict[str, Any]]) -> str:
    if not objects:
        return "The file is neither JSON lines, a JSON array of objects nor a CSV of prompts."
    for keys, reason in OUT_OF_SCOPE.items():
        if keys <= objects[0].keys():
            return reason
    names = ", ".join(sorted(objects[0])[:8]) or "none"
    return f"The file's keys ({names}) are of no kind this command knows."
