"""Rows -> JSON, JSON lines or CSV, written as they come."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Protocol

FORMATS = ("json", "jsonl", "csv")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Row = Mapping[str, Any]


class Out(Protocol):
    """A file, or a command's standard output."""

    def write(self, text: str, /) -> object: ...


def write_table(rows: Iterable[Row], columns: Sequence[str], form: str, out: Out) -> None:
    """Writes the rows in one of FORMATS; a table without rows has its brackets or its header all the same."""
    {"json": _write_json, "jsonl": _write_json_lines, "csv": _write_csv}[form](rows, columns, out)


def _write_json(rows: Iterable[Row], columns: Sequence[str], out: Out) -> None:
    between = chain(["\n"], iter(lambda: ",\n", None))
    out.write("[")
    for row, mark in zip(rows, between, strict=False):
        out.write(mark + _object(row, columns))
    out.write("\n]\n")


def _write_json_lines(rows: Iterable[Row], columns: Sequence[str], out: Out) -> None:
    for line in json_lines(rows, columns):
        out.write(line)


def json_lines(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[str]:
    """One object a line."""
    return (_object(row, columns) + "\n" for row in rows)


def _object(row: Row, columns: Sequence[str]) -> str:
    return json.dumps({column: row[column] for column in columns}, ensure_ascii=False, allow_nan=False)


def _write_csv(rows: Iterable[Row], columns: Sequence[str], out: Out) -> None:
    writer = csv.writer(out)  # ends rows with CRLF, so that a lone CR inside a cell is quoted too
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)


def _cell(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front: names come from strangers."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return "; ".join(value) if isinstance(value, list) else value
