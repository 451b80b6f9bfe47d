"""Paths -> rows. Folders are walked, .gz is opened, lines are read one at a time; what cannot be read is told."""

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from apps.exchange.inspect_logs import BrokenLog, is_head, samples
from apps.exchange.json_arrays import BrokenArray, elements
from apps.exchange.report import BadRow
from apps.exchange.shapes import in_our_words, of_inspect
from apps.prompts.imports import RejectedLine, UnreadableFile, csv_records
from apps.prompts.texts import MOST_DEEP, too_deep, unstorable

BLANK_BYTES = b" \t\r\n\xef\xbb\xbf"
FIRST_READ = 4096  # bytes, in which an array or a log begins if it is one
MAX_LINE = 16 * 2**20  # bytes; a longer line is refused unread, so that no file fills the memory
DAMAGED = (OSError, EOFError, zlib.error)
NOT_UTF8 = re.compile("[\udc80-\udcff]")  # what surrogateescape makes of such a byte

Reject = Callable[[int, str], None]


@dataclass(frozen=True)
class Row:
    line: int
    data: dict[str, Any]


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Every file once: folders walked in the order of names, hidden files passed by."""
    found: dict[Path, Path] = {}
    for path in paths:
        for file in _walk(path) if path.is_dir() else [path]:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _walk(folder: Path) -> list[Path]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(file for file in files if not any(part.startswith(".") for part in file.relative_to(folder).parts))


def is_csv(path: Path) -> bool:
    return path.name.lower().removesuffix(".gz").endswith(".csv")


def rows(path: Path, reject: Reject) -> Iterator[Row]:
    """The rows of a CSV, a JSON array, JSON lines or a log; what cannot be read is rejected, and the next one tried."""
    if is_csv(path):
        return _csv_rows(path, reject)
    if is_log(path):
        return _log_rows(path, reject)
    return _array_rows(path, reject) if is_array(path) else _json_rows(path, reject)


def is_array(path: Path) -> bool:
    """Told from its first character. Raises OSError where unreadable."""
    return _first_bytes(path).lstrip(BLANK_BYTES).startswith(b"[")


def is_log(path: Path) -> bool:
    """Of Inspect; told from its first keys. Raises OSError where unreadable."""
    return is_head(_first_bytes(path))


def _first_bytes(path: Path) -> bytes:
    try:
        with _open(path) as file:
            return file.read(FIRST_READ)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return b""


def numbered_lines(path: Path, reject: Reject) -> Iterator[tuple[int, bytes]]:
    """Lines from 1 on, at most a little longer than MAX_LINE. Damage ends the file with a sentence."""
    number = 0
    try:
        with _open(path) as file:
            while line := file.readline(MAX_LINE + 1):
                number += 1
                yield number, line
                _skip_rest(file, line)
    except DAMAGED as problem:
        reject(number + 1, f"The file cannot be read from here on: {problem}.")


def _open(path: Path) -> BinaryIO:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]  # both read bytes by line


def _skip_rest(file: BinaryIO, line: bytes) -> None:
    while len(line) > MAX_LINE and not line.endswith(b"\n"):
        line = file.readline(MAX_LINE + 1)


def _array_rows(path: Path, reject: Reject) -> Iterator[Row]:
    try:
        with _open(path) as file:
            for number, found in elements(file, MAX_LINE):
                try:
                    yield Row(number, in_our_words(_checked(found, "The element", suspect=True)))
                except BadRow as problem:
                    reject(number, str(problem))
    except BrokenArray as problem:
        reject(problem.line, f"The array cannot be read from here on: {problem}.")
    except DAMAGED as problem:
        reject(0, f"The file cannot be read to its end: {problem}.")


def _log_rows(path: Path, reject: Reject) -> Iterator[Row]:
    try:
        with _open(path) as file:
            for number, sample, model in samples(file):
                try:
                    yield Row(number, of_inspect(_checked(sample, "The sample", suspect=True), model))
                except BadRow as problem:
                    reject(number, str(problem))
    except (BrokenLog, *DAMAGED) as problem:
        reject(0, f"The file cannot be read: {str(problem).removesuffix('.')}.")


def _json_rows(path: Path, reject: Reject) -> Iterator[Row]:
    for number, line in numbered_lines(path, reject):
        if not line.strip():
            continue
        try:
            yield Row(number, json_object(line))
        except BadRow as problem:
            reject(number, str(problem))


def json_object(line: bytes) -> dict[str, Any]:
    """The object on a line of JSON lines, in our words. Raises BadRow."""
    if len(line) > MAX_LINE:
        raise BadRow(f"The line is longer than {MAX_LINE // 2**20} MiB.")
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise BadRow(f"The line is not UTF-8 text (byte {problem.start + 1}).") from None
    except (ValueError, RecursionError) as problem:
        raise BadRow(f"The line is not JSON: {problem}.") from None
    return in_our_words(_checked(found, "The line", suspect=b"\\u" in line))


def _checked(found: Any, what: str, *, suspect: bool) -> dict[str, Any]:
    """An object that can be stored. `suspect`: it may hold characters that cannot. Raises BadRow."""
    if not isinstance(found, dict):
        raise BadRow(f"{what} is not a JSON object {{...}}.")
    if too_deep(found):
        raise BadRow(f"{what} is nested more than {MOST_DEEP} deep.")
    if suspect:
        _check_storable(found)
    return found


def _check_storable(data: dict[str, Any]) -> None:
    if problem := unstorable(data):
        raise BadRow(f"The row cannot be stored: {problem}.")


def _csv_rows(path: Path, reject: Reject) -> Iterator[Row]:
    # Bytes that are not UTF-8 become lone surrogates, so that their row, and no other, is refused.
    texts = (line.decode("utf-8", "surrogateescape") for _, line in numbered_lines(path, reject))
    try:
        for line, record in csv_records(texts):
            try:
                yield Row(line, _storable_record(record))
            except BadRow as problem:
                reject(line, str(problem))
    except UnreadableFile as problem:
        reject(problem.line, f"The CSV cannot be read from here on: {problem}")


def _storable_record(record: dict[str, Any] | RejectedLine) -> dict[str, Any]:
    if isinstance(record, RejectedLine):
        raise BadRow(f"The row is no prompt: {record}.")
    if any(isinstance(cell, str) and NOT_UTF8.search(cell) for cell in record.values()):
        raise BadRow("The row is not UTF-8 text.")
    _check_storable(record)
    return record
