"""What a judge said: the legal verdict on the last line binds; anything off the menu is no verdict, never a tie."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, TypeVar

from judgeboard.arena.outcome import Outcome


class Verdict(StrEnum):
    """A judge's choice in terms of what it was shown. Only a menu with grades tells much better from better."""

    FIRST_MUCH = "first_much"
    FIRST = "first"
    SECOND = "second"
    SECOND_MUCH = "second_much"
    TIE = "tie"
    BOTH_BAD = "both_bad"


Meaning = TypeVar("Meaning")  # of a verdict: a `Verdict`, or a score


@dataclass(frozen=True)
class Menu(Generic[Meaning]):
    """The legal last lines of a reply, and what each means."""

    tokens: Mapping[str, Meaning]

    @cached_property
    def words(self) -> str:
        """The tokens as a sentence names them; of a long menu its ends."""
        names = list(self.tokens)
        return " or ".join((", ".join(names[:-1] if len(names) <= 5 else [*names[:2], "..."]), names[-1]))

    @cached_property
    def token(self) -> re.Pattern[str]:
        return re.compile("|".join(re.escape(token) for token in self.tokens))

    @cached_property
    def verdict_line(self) -> re.Pattern[str]:
        """The token alone, or with a short lead such as "Final verdict:"."""
        return re.compile(rf"(?:{_MARKS}{_LEAD})*+{_MARKS}(?:{self.token.pattern}){_MARKS}", re.IGNORECASE)

    @property
    def reminder(self) -> str:
        """What a judge is told whose reply held no legal verdict."""
        return f"Your last line was not a verdict. Reply with one line holding exactly one of {self.words}."


# Markdown, a comma, a colon, a full stop around the token; no quotes, since a quoted token may be the candidate's.
_MARKS = r"[\s*_`~#>.,!:-]*+"
_LEAD = (
    r"(?:my|the|final|overall|better|best|so|thus|hence|therefore|in|conclusion|verdict|answer|choice|winner|decision"
    r"|judge?ment|score|rating|i|choose|pick|is)(?![a-z])"
)
ASKED_AGAIN = "\n\n(asked once more)\n\n"
_THOUGHT_START = re.compile(r"\s*<think(?:ing)?>")
_THOUGHT_END = re.compile(r"</think(?:ing)?>")

THREE_WAY = Menu(
    {
        "[[A]]": Verdict.FIRST,
        "[[B]]": Verdict.SECOND,
        "[[TIE]]": Verdict.TIE,
        "[[BOTH_BAD]]": Verdict.BOTH_BAD,
    }
)
FIVE_GRADES = Menu(
    {
        "[[A>>B]]": Verdict.FIRST_MUCH,
        "[[A>B]]": Verdict.FIRST,
        "[[A=B]]": Verdict.TIE,
        "[[B>A]]": Verdict.SECOND,
        "[[B>>A]]": Verdict.SECOND_MUCH,
    }
)
SCORES = Menu({f"[[{score}]]": score for score in range(1, 101)})


@dataclass(frozen=True)
class Reading(Generic[Meaning]):
    """verdict: None where the reply holds none that is legal; `problem` then says why in one sentence, else it is "".

    reason: what stands before the last line.
    """

    verdict: Meaning | None
    reason: str
    problem: str


def read(text: str, menu: Menu[Meaning]) -> Reading[Meaning]:
    """Reads a reply that is an object of the menu's schema, or whose last non-empty line holds exactly one token.

    A short lead such as "Final verdict:" and Markdown around the token are fine. A second token, a hedge, a quotation
    or an explanation on that line makes it unreadable: a guess here would move ratings.
    """
    said = _after_thoughts(text)
    if said is None:
        return Reading(None, text.strip(), "The reply ended while the judge was still thinking; it holds no verdict.")
    structured = read_object(said, menu)
    if structured is not None:
        return structured
    lines = said.rstrip().splitlines()
    if not lines:
        return Reading(None, "", "The reply is empty.")
    reason = "\n".join(lines[:-1]).strip()
    problem = _problem(lines[-1], menu)
    if problem:
        return Reading(None, reason or said.strip(), problem)
    return Reading(menu.tokens[menu.token.findall(lines[-1])[0]], reason, "")


def schema(menu: Menu[Meaning]) -> dict[str, Any]:
    """The JSON schema of a structured reply: the reason first, so that the verdict follows from it."""
    verdict = {"type": "string", "enum": list(menu.tokens)}
    fields = {"reason": {"type": "string"}, "verdict": verdict}
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def read_object(said: str, menu: Menu[Meaning]) -> Reading[Meaning] | None:
    """A structured reply; None for whatever is not an object of the menu's schema, to the letter."""
    if not said.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return None
    if found.keys() != {"reason", "verdict"} or not all(isinstance(value, str) for value in found.values()):
        return None
    verdict = menu.tokens.get(found["verdict"])
    return None if verdict is None else Reading(verdict, found["reason"].strip(), "")


def read_all(replies: Sequence[str], menu: Menu[Meaning]) -> Reading[Meaning]:
    """Reads the replies of a judge that was reminded of the form: the last one binds, the first may hold the reason."""
    last = read(replies[-1], menu)
    return replace(last, reason=last.reason or read(replies[0], menu).reason)


def kept(replies: Sequence[str]) -> str:
    """The replies as one text that `replies_in` takes apart again."""
    return ASKED_AGAIN.join(replies)


def replies_in(raw: str) -> list[str]:
    return raw.split(ASKED_AGAIN)


def outcome(verdict: Verdict, *, first: int) -> Outcome:
    """The verdict told from side a and side b, where side `first` (0 = a, 1 = b) was shown first."""
    _check_side(first)
    seen = {
        Verdict.FIRST_MUCH: Outcome.MODEL_A,
        Verdict.FIRST: Outcome.MODEL_A,
        Verdict.SECOND: Outcome.MODEL_B,
        Verdict.SECOND_MUCH: Outcome.MODEL_B,
        Verdict.TIE: Outcome.TIE,
        Verdict.BOTH_BAD: Outcome.BOTH_BAD,
    }[verdict]
    return seen if first == 0 else seen.flipped()


def grade(verdict: Verdict, *, first: int) -> int:
    """How much better side a is: 2 much better, 1 better, 0 alike, -1 and -2 the same for side b."""
    _check_side(first)
    seen = {Verdict.FIRST_MUCH: 2, Verdict.FIRST: 1, Verdict.SECOND: -1, Verdict.SECOND_MUCH: -2}.get(verdict, 0)
    return seen if first == 0 else -seen


def outcome_of_scores(a: int, b: int) -> Outcome:
    """What two scores of one judge come to: the higher one wins, equal ones tie."""
    if a == b:
        return Outcome.TIE
    return Outcome.MODEL_A if a > b else Outcome.MODEL_B


def _check_side(first: int) -> None:
    if first not in (0, 1):
        raise ValueError(f"first says which side was shown first, 0 or 1; found {first!r}.")


def _after_thoughts(text: str) -> str | None:
    """The reply without a reasoning model's thoughts; None where the thoughts never ended."""
    said = _THOUGHT_END.split(text)[-1]
    return None if _THOUGHT_START.match(said) else said


def _problem(line: str, menu: Menu[Meaning]) -> str:
    """Why the line is no verdict; "" when it is one."""
    tokens = menu.token.findall(line)
    shown = line.strip() if len(line.strip()) <= 120 else f"{line.strip()[:117]}..."
    if not tokens:
        return f"The last line holds none of {menu.words}: {shown!r}."
    if len(tokens) > 1:
        return f"The last line holds {len(tokens)} verdicts where exactly one is expected: {shown!r}."
    if not menu.verdict_line.fullmatch(line):
        return f"The last line says more than the verdict alone: {shown!r}."
    return ""
