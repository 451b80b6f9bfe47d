"""Rows of MT-Bench's files, each valid until a test changes a key, and files made of them."""

import gzip
import json
from pathlib import Path
from typing import Any

from django.utils import timezone

from apps.exchange.importing import Import, import_files
from apps.exchange.report import FileReport, ImportReport


def question(key: int | str = 81, **changed: Any) -> dict[str, Any]:
    return {"question_id": key, "category": "writing", "turns": ["Write a verse.", "Now shorter."]} | changed


def answer(
    model: str = "Alder", key: int = 81, texts: tuple[str, ...] = ("A verse.", "Verse."), **changed: Any
) -> dict[str, Any]:
    return {"question_id": key, "model_id": model, "choices": [{"index": 0, "turns": list(texts)}]} | changed


def said(judge: str = "expert_1", winner: str = "model_a", **changed: Any) -> dict[str, Any]:
    return {
        "judge": judge,
        "model_a": "Alder",
        "model_b": "Birch",
        "question_id": 81,
        "turn": 1,
        "winner": winner,
    } | changed


def games(g1: str = "model_1", g2: str = "model_1", **changed: Any) -> dict[str, Any]:
    names = {"model_1": "Alder", "model_2": "Birch", "judge": ["gpt-4", "pair-v2"], "question_id": 81, "turn": 1}
    replies = {"g1_judgment": "Fine.\n\nFinal verdict: [[A]]", "g2_judgment": "Fine.\n\nFinal verdict: [[B]]"}
    return names | replies | {"g1_winner": g1, "g2_winner": g2} | changed


def without(row: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != key}


def write(path: Path, *lines: dict[str, Any] | str | bytes) -> Path:
    """A file of JSON lines; a text or bytes among them is written as it is. Packed if the name ends in .gz."""
    whole = b"".join(_line(line) + b"\n" for line in lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(whole) if path.suffix == ".gz" else whole)
    return path


def _line(line: dict[str, Any] | str | bytes) -> bytes:
    if isinstance(line, bytes):
        return line
    return (line if isinstance(line, str) else json.dumps(line)).encode()


def imported(*paths: Path, dry_run: bool = False, **wanted: Any) -> ImportReport:
    return import_files(paths, Import(now=timezone.now(), **wanted), dry_run=dry_run)


def only_file(report: ImportReport, name: str) -> FileReport:
    return next(file for file in report.files if file.path.name == name)
