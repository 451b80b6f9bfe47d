"""Prompt files: JSON lines or CSV in, rows for `add_prompts` out. What cannot be read is told with line and reason.

file -> records (JSONL | CSV) -> one prompt each -> new | duplicate | rejected

The admin reads a whole file for its preview; `apps.exchange` streams its files and takes records and prompts from here.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from apps.prompts.messages import plain_text
from apps.prompts.models import Prompt, PromptSet
from apps.prompts.texts import unstorable

MOST_BYTES = 4 * 2**20
MOST_PROMPTS = 10_000
MOST_IN_CELL = 16 * 2**20  # characters; the csv module's own 131,072 do not hold a picture
MOST_IN_CATEGORY = 60
KEY_NAMES = ("key", "id", "question_id", "uid")
TEXT_NAMES = ("prompt", "instruction", "question", "input", "text")
CONTENT_NAMES = ("messages", "turns", *TEXT_NAMES)
OTHER_NAMES = ("system", "category", "language", "reference", "notes")
KNOWN_NAMES = frozenset((*KEY_NAMES, *CONTENT_NAMES, *OTHER_NAMES))
EXPECTED = f"expected one of {', '.join(CONTENT_NAMES)}"


class UnreadableFile(ValueError):
    """Says in one sentence why the file, or what of it is left from `line` on, cannot be read."""

    def __init__(self, sentence: str, line: int = 1) -> None:
        super().__init__(sentence)
        self.line = line


class RejectedLine(ValueError):
    """Says why this line is no prompt: a clause to stand alone or in a sentence, so without a full stop."""


class Fate(StrEnum):
    NEW = "new"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True)
class ReadLine:
    """One record of the file: where it starts, and what becomes of it."""

    line: int
    fate: Fate
    row: Mapping[str, Any] = field(default_factory=dict)  # as `add_prompts` takes it; empty if rejected
    reason: str = ""

    @property
    def texts(self) -> list[str]:
        return [plain_text(message["content"]) for message in self.row.get("messages", [])]


@dataclass(frozen=True)
class PromptFile:
    lines: tuple[ReadLine, ...]
    unread: tuple[str, ...]  # names of columns that mean nothing here

    def of(self, fate: Fate) -> list[ReadLine]:
        return [line for line in self.lines if line.fate == fate]

    @property
    def rows(self) -> list[Mapping[str, Any]]:
        return [line.row for line in self.of(Fate.NEW)]


Record = tuple[int, Any | RejectedLine]  # the line it starts on, and what stands there


def read_prompt_file(data: bytes, prompt_set: PromptSet) -> PromptFile:
    """Reads a whole file for `prompt_set`, and changes nothing. Raises UnreadableFile."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile(f"The file has {len(data):,} bytes; at most {MOST_BYTES:,} are read at once. Split it.")
    text = _decoded(data)
    if not text.strip():
        raise UnreadableFile("The file is empty.")
    records = list(_json_lines(text) if text.lstrip().startswith("{") else csv_records(io.StringIO(text, newline="")))
    if len(records) > MOST_PROMPTS:
        raise UnreadableFile(f"The file has {len(records):,} prompts; at most {MOST_PROMPTS:,} are read. Split it.")
    found = {name for _, record in records if isinstance(record, dict) for name in record}
    known = dict(prompt_set.prompts.values_list("key", "messages"))
    return PromptFile(tuple(_judged(records, known)), tuple(sorted(found - KNOWN_NAMES)))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise UnreadableFile(f"Line {line} is not UTF-8; save the file as UTF-8 and try again.") from None


def _judged(records: list[Record], known: dict[str, Any]) -> Iterator[ReadLine]:
    seen: dict[str, int] = {}
    for line, record in records:
        try:
            row = prompt_row(record)
        except RejectedLine as problem:
            yield ReadLine(line, Fate.REJECTED, reason=str(problem))
            continue
        reason = _double(row, known, seen)
        seen.setdefault(row["key"], line)
        yield ReadLine(line, Fate.DUPLICATE if reason else Fate.NEW, row, reason)


def _double(row: Mapping[str, Any], known: Mapping[str, Any], seen: Mapping[str, int]) -> str:
    """Where the key of `row` is already; empty if nowhere."""
    key = row["key"]
    if key in seen:
        return f"line {seen[key]} has this key"
    if key not in known:
        return ""
    return (
        "in the set already" if known[key] == row["messages"] else "in the set already, with other messages; those stay"
    )


# --- records ----------------------------------------------------------------------------------------------------------
def _json_lines(text: str) -> Iterator[Record]:
    # Not splitlines(): it also breaks at characters that may stand inside a JSON string.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _json(line)


def _json(text: str) -> Any | RejectedLine:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as problem:
        return RejectedLine(f"not JSON: {problem.msg} at character {problem.colno}")
    except (ValueError, RecursionError) as problem:
        return RejectedLine(f"not JSON: {problem}")


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def csv_records(lines: Iterable[str]) -> Iterator[Record]:
    """The rows of a CSV of prompts, each with the line it starts on; blank rows and blank cells are left out.

    Raises UnreadableFile where it cannot go on: at a header without a prompt's column, or at torn quotes.
    """
    csv.field_size_limit(MOST_IN_CELL)
    lines = iter(lines)
    first = next(lines, "").removeprefix("\ufeff")
    reader = csv.reader(chain([first], lines), delimiter=_delimiter(first), strict=True)
    start = 1
    try:
        header = _header(next(reader))
        start = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, _csv_record(header, cells)
            start = reader.line_num + 1
    except csv.Error as problem:
        raise UnreadableFile(f"Line {start} is not CSV: {problem}.", start) from None


def _delimiter(header: str) -> str:
    """The one of comma, semicolon and tab that the header has most of."""
    return max(",;\t", key=header.count)


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    if not set(names) & set(CONTENT_NAMES):
        raise UnreadableFile(
            f"This is neither JSON lines nor CSV with a known header; {EXPECTED}, found {', '.join(names)[:200]}."
        )
    doubles = sorted({name for name in names if name and names.count(name) > 1})
    if doubles:
        raise UnreadableFile(f"The header names {', '.join(doubles)} twice.")
    return names


def _csv_record(header: list[str], cells: list[str]) -> Any | RejectedLine:
    if len(cells) != len(header):
        return RejectedLine(f"{len(cells)} cells where the header has {len(header)}")
    record: dict[str, Any] = {name: cell for name, cell in zip(header, cells, strict=True) if name and cell.strip()}
    for name in ("messages", "turns"):
        if name in record:
            record[name] = _json(record[name])
            if isinstance(record[name], RejectedLine):
                return RejectedLine(f"{name} is {record[name]}")
    if record.get("reference", "").lstrip().startswith("["):
        listed = _json(record["reference"])
        record["reference"] = record["reference"] if isinstance(listed, RejectedLine) else listed
    return record


# --- one prompt -------------------------------------------------------------------------------------------------------
def prompt_row(record: Any | RejectedLine) -> dict[str, Any]:
    """A record, plain or native, as `add_prompts` takes it. Raises RejectedLine."""
    if isinstance(record, RejectedLine):
        raise record
    if not isinstance(record, dict):
        raise RejectedLine(f"a JSON object is expected, found {type(record).__name__}")
    if problem := unstorable(record):
        raise RejectedLine(problem)
    messages = _messages(record)
    row = {
        "key": _key(record) or _key_of(messages),
        "messages": messages,
        "category": _text(record, "category"),
        "language": _text(record, "language") or "en",
        "reference": _reference(record),
        "notes": _text(record, "notes"),
    }
    _check(row)
    return row


def _messages(record: Mapping[str, Any]) -> Any:
    given = [name for name in CONTENT_NAMES if name in record]
    found = [name for name in given if record[name] not in (None, "", [])] or given
    if len(found) != 1:
        raise RejectedLine(f"{EXPECTED}, found {' and '.join(found) or 'none'}")
    system = [{"role": "system", "content": record["system"]}] if record.get("system") else []
    content = record[found[0]]
    if found[0] == "messages":
        if system:
            raise RejectedLine("system stands beside messages; expected it inside, as the first message")
        return content
    turns = content if found[0] == "turns" else [content]
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        raise RejectedLine(f"{found[0]} must be {'a list of texts' if found[0] == 'turns' else 'a text'}")
    return [*system, *({"role": "user", "content": turn} for turn in turns)]


def _key(record: Mapping[str, Any]) -> str:
    for name in KEY_NAMES:
        value = record.get(name)
        if value in (None, ""):
            continue
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise RejectedLine(f"{name} must be a text or a whole number")
        return str(value).strip()
    return ""


def _key_of(messages: Any) -> str:
    """A key from what is asked, so that the same prompt in another file is known again."""
    content = json.dumps(messages, sort_keys=True)
    return f"p-{hashlib.sha256(content.encode()).hexdigest()[:12]}"


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name) or ""
    if not isinstance(value, str):
        raise RejectedLine(f"{name} must be a text")
    return value.strip()


def _reference(record: Mapping[str, Any]) -> Any:
    value = record.get("reference") or []
    return [value] if isinstance(value, str) else value


def _check(row: Mapping[str, Any]) -> None:
    """By the model's own rules, the columns' lengths included."""
    prompt = Prompt(**{name: value for name, value in row.items() if name != "category"})
    if len(row["category"]) > MOST_IN_CATEGORY:
        raise RejectedLine(f"category has {len(row['category'])} characters; at most {MOST_IN_CATEGORY} are taken")
    if row["category"] and not slugify(row["category"], allow_unicode=True):
        raise RejectedLine("category needs a letter or a digit, since it becomes part of addresses")
    try:
        prompt.clean()  # before the fields: it says more of empty messages than that they are blank
        prompt.clean_fields(exclude=["prompt_set", "category"])
    except ValidationError as problem:
        raise RejectedLine(" ".join(_sentences(problem)).removesuffix(".")) from None


def _sentences(problem: ValidationError) -> list[str]:
    if hasattr(problem, "message_dict"):
        return [f"{name}: {sentence}" for name, told in problem.message_dict.items() for sentence in told]
    return problem.messages
