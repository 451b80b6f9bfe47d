"""Finding the question and the two answers in what a judge is sent, and seeing how good an answer is."""

import re
from dataclasses import dataclass
from functools import lru_cache

from . import quality
from .sentences import Recognised, recognise, sentence_at

# The marked blocks of a judge prompt: each marker alone on its line, closed by the same nonce.
_BLOCK = re.compile(
    r"^<<<BEGIN (?P<label>QUESTION|REFERENCE|ANSWER A|ANSWER B|ANSWER) (?P<nonce>\S+)>>>$\n"
    r"(?P<text>.*?)"
    r"^<<<END (?P=label) (?P=nonce)>>>$",
    re.MULTILINE | re.DOTALL,
)
_MARKDOWN = re.compile(r"^(?:#{1,6} |[-*] |\d+\. )|\*\*", re.MULTILINE)
_QUOTED_WORDS = 9


@dataclass(frozen=True, slots=True)
class Pair:
    """What a judge is asked about: one question and two answers, in the order shown."""

    question: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Single:
    """What a judge is asked about that sees one answer alone."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Impression:
    """What reading one answer leaves behind.

    `quality` is in Elo points around the average contender, `length` in characters; `merit` and `flaw` are short
    quotes of a sound and of a weak sentence, empty where there is none.
    """

    quality: float
    length: int
    has_markdown: bool
    merit: str
    flaw: str


def find_pair(text: str) -> Pair | None:
    """The question and answers between the markers of `text`; None when they are not all there exactly once."""
    found = _blocks(text, {"QUESTION", "ANSWER A", "ANSWER B"})
    return Pair(found["QUESTION"], found["ANSWER A"], found["ANSWER B"]) if found else None


def find_single(text: str) -> Single | None:
    """The question and the one answer between the markers of `text`; None as above."""
    found = _blocks(text, {"QUESTION", "ANSWER"})
    return Single(found["QUESTION"], found["ANSWER"]) if found else None


def instructions(text: str) -> str:
    """What stands around the marked blocks: a menu that an answer quotes is not the judge's."""
    return _BLOCK.sub("", text)


def _blocks(text: str, labels: set[str]) -> dict[str, str] | None:
    blocks = [(match["label"], match["text"].strip()) for match in _BLOCK.finditer(text)]
    found = dict(blocks)
    return found if len(found) == len(blocks) and labels <= found.keys() else None


@lru_cache(maxsize=4096)  # each answer is read in many matches, by each judge, in both orders
def read_answer(text: str) -> Impression:
    """Judge one answer by its sentences alone.

    An empty answer is the worst there is. One without a single known sentence is taken as average: the simulated
    reader cannot tell.
    """
    seen = recognise(text)
    return Impression(
        quality=_worth(text, seen),
        length=len(text),
        has_markdown=_MARKDOWN.search(text) is not None,
        merit=_quote(text, seen.first_sound),
        flaw=_quote(text, seen.first_weak),
    )


def _worth(text: str, seen: Recognised) -> float:
    if known := seen.sound + seen.weak:
        return quality.quality_of_share(seen.sound / known)
    return 0.0 if text.strip() else quality.WORST


def _quote(text: str, start: int) -> str:
    if start < 0:
        return ""
    # Brackets and Markdown marks stay out: a reason must not carry anything that could pass for a verdict.
    words = re.sub(r"[\[\]*`“”<>]", "", sentence_at(text, start)).split()
    return " ".join(words[:_QUOTED_WORDS]) + ("" if len(words) <= _QUOTED_WORDS else " ...")
