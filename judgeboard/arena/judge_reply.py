"""What a judge said: the legal verdict on the last line binds; anything off the menu is no verdict, never a tie."""

import re
from dataclasses import dataclass
from enum import StrEnum

from judgeboard.arena.outcome import Outcome


class Verdict(StrEnum):
    """A judge's choice in terms of what it was shown."""

    FIRST = "first"
    SECOND = "second"
    TIE = "tie"
    BOTH_BAD = "both_bad"


TOKENS = {
    "[[A]]": Verdict.FIRST,
    "[[B]]": Verdict.SECOND,
    "[[TIE]]": Verdict.TIE,
    "[[BOTH_BAD]]": Verdict.BOTH_BAD,
}
MENU = "[[A]], [[B]], [[TIE]] or [[BOTH_BAD]]"

_TOKEN = re.compile("|".join(re.escape(token) for token in TOKENS))
# Markdown, a comma, a colon, a full stop around the token; no quotes, since a quoted token may be the candidate's.
_MARKS = r"[\s*_`~#>.,!:-]*+"
_LEAD = (
    r"(?:my|the|final|overall|better|best|so|thus|hence|therefore|in|conclusion|verdict|answer|choice|winner|decision"
    r"|judge?ment|i|choose|pick|is)(?![a-z])"
)
_VERDICT_LINE = re.compile(rf"(?:{_MARKS}{_LEAD})*+{_MARKS}(?:{_TOKEN.pattern}){_MARKS}", re.IGNORECASE)
_THOUGHT_START = re.compile(r"\s*<think(?:ing)?>")
_THOUGHT_END = re.compile(r"</think(?:ing)?>")


@dataclass(frozen=True)
class Reading:
    """verdict: None where the reply holds none that is legal; `problem` then says why in one sentence, else it is "".

    reason: what stands before the last line.
    """

    verdict: Verdict | None
    reason: str
    problem: str


def read(text: str) -> Reading:
    """Reads a reply whose last non-empty line must hold exactly one legal token.

    A short lead such as "Final verdict:" and Markdown around the token are fine. A second token, a hedge, a quotation
    or an explanation on that line makes it unreadable: a guess here would move ratings.
    """
    said = _after_thoughts(text)
    if said is None:
        return Reading(None, text.strip(), "The reply ended while the judge was still thinking; it holds no verdict.")
    lines = said.rstrip().splitlines()
    if not lines:
        return Reading(None, "", "The reply is empty.")
    reason = "\n".join(lines[:-1]).strip()
    problem = _problem(lines[-1])
    if problem:
        return Reading(None, reason or said.strip(), problem)
    return Reading(TOKENS[_TOKEN.findall(lines[-1])[0]], reason, "")


def outcome(verdict: Verdict, *, first: int) -> Outcome:
    """The verdict told from side a and side b, where side `first` (0 = a, 1 = b) was shown first."""
    if first not in (0, 1):
        raise ValueError(f"first says which side was shown first, 0 or 1; found {first!r}.")
    seen = {
        Verdict.FIRST: Outcome.MODEL_A,
        Verdict.SECOND: Outcome.MODEL_B,
        Verdict.TIE: Outcome.TIE,
        Verdict.BOTH_BAD: Outcome.BOTH_BAD,
    }[verdict]
    return seen if first == 0 else seen.flipped()


def _after_thoughts(text: str) -> str | None:
    """The reply without a reasoning model's thoughts; None where the thoughts never ended."""
    said = _THOUGHT_END.split(text)[-1]
    return None if _THOUGHT_START.match(said) else said


def _problem(line: str) -> str:
    """Why the line is no verdict; "" when it is one."""
    tokens = _TOKEN.findall(line)
    shown = line.strip() if len(line.strip()) <= 120 else f"{line.strip()[:117]}..."
    if not tokens:
        return f"The last line holds none of {MENU}: {shown!r}."
    if len(tokens) > 1:
        return f"The last line holds {len(tokens)} verdicts where exactly one is expected: {shown!r}."
    if not _VERDICT_LINE.fullmatch(line):
        return f"The last line says more than the verdict alone: {shown!r}."
    return ""
