"""What passes between the benchmark and the interpreter of a peer: judgments in, verdicts out. Needs no package."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

SAID = ("a", "b")  # what the judge says of answers so far apart
MADE_UP = ("tie", "incorrect")  # what a peer may make of a reply without a verdict
MODEL = "sim-judge-oak"
API_KEY = "none-is-asked-for"
# The markers by which the simulated judge finds what to compare; for str.format.
QUESTION, ANSWER_A, ANSWER_B = (
    f"<<<BEGIN {name} 1>>>\n{{{field}}}\n<<<END {name} 1>>>"
    for name, field in (("QUESTION", "question"), ("ANSWER A", "answer_a"), ("ANSWER B", "answer_b"))
)
PROMPT = f"""\
Which of two answers to a question is better? Give a reason, and then your verdict alone on the last line: [[A]] if
answer A is better, [[B]] if answer B is better, [[TIE]] if they are equally good.

{QUESTION}

{ANSWER_A}

{ANSWER_B}
"""
VERDICT = r"\[\[(A|B|TIE)\]\]\s*$"


@dataclass(frozen=True)
class Judgment:
    """One question with two answers in the order shown; `better` is the one that the judge prefers, "a" or "b"."""

    question: str
    answer_a: str
    answer_b: str
    better: str

    @property
    def prompt(self) -> str:
        return PROMPT.format(question=self.question, answer_a=self.answer_a, answer_b=self.answer_b)


@dataclass(frozen=True)
class Job:
    """judgments: every match in both orders, one after the other; folder: for the files of the peer, empty."""

    base_url: str
    judgments: Sequence[Judgment]
    at_once: int
    folder: Path

    @property
    def matches(self) -> Sequence[Judgment]:
        """Each in its first order."""
        return self.judgments[::2]


def verdict(reply: str) -> str | None:
    """a, b or tie; None where there is none."""
    found = re.search(VERDICT, reply)
    return found[1].lower() if found else None


def write_lines(path: Path, rows: Iterable[object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def write(path: Path, judgments: Iterable[Judgment]) -> None:
    write_lines(path, map(asdict, judgments))


def read_lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def read(path: Path) -> list[Judgment]:
    return [Judgment(**row) for row in read_lines(path)]
