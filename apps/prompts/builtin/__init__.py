"""The prompt sets that ship with the site: two files and one generator. README.md tells how they were made."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apps.prompts.builtin import ab_tokens

FOLDER = Path(__file__).parent
LICENCE = "CC0-1.0"
AB_TOKENS_SEED = 1


@dataclass(frozen=True)
class BuiltinSet:
    """What a prompt set needs to be created; `rows` reads or generates its prompts, in order."""

    slug: str
    title: str
    description: str
    source: str
    rows: Callable[[], list[dict[str, Any]]]
    licence: str = LICENCE


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The prompts of a JSONL file; raises ValueError naming file and line where a line is not JSON."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError as problem:
            raise ValueError(f"{path.name}, line {number}: expected one JSON object: {problem}.") from problem
    return rows


BUILTIN_SETS = {
    built_in.slug: built_in
    for built_in in (
        BuiltinSet(
            slug="everyday",
            title="Everyday requests",
            description="What people ask of an assistant, in eight categories and many languages, some in two turns, "
            "some with a picture. Many have constraints that a reader can check; a part has reference answers.",
            source="Written for this project.",
            rows=lambda: read_rows(FOLDER / "everyday.jsonl"),
        ),
        BuiltinSet(
            slug="riddles",
            title="Riddles",
            description="Short riddles with reference answers. Many look like a well-known puzzle and are not: "
            "the remembered answer is wrong.",
            source="Written for this project; many vary traditional puzzles.",
            rows=lambda: read_rows(FOLDER / "riddles.jsonl"),
        ),
        BuiltinSet(
            slug="ab-tokens",
            title="A::B tokens",
            description="Rewriting puzzles of four tokens, made by a seeded generator and solved by code, so that the "
            "right answer is known and a judge can be checked against it.",
            source="Generated for this project after the A::B challenge of Victor Taelin (2024).",
            rows=lambda: ab_tokens.generate(AB_TOKENS_SEED),
        ),
    )
}
