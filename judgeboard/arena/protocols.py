"""The ways of judging, a closed list: what a judge is told to do, how many answers it sees, how its reply ends.

A protocol is never edited once judges have judged by it: another text is another protocol under another slug.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic

from judgeboard.arena.judge_reply import FIVE_GRADES, SCORES, THREE_WAY, Meaning, Menu, Verdict


class UnknownProtocol(ValueError):
    """Nobody can be asked by a protocol that is not in the list."""


@dataclass(frozen=True)
class Protocol(Generic[Meaning]):
    """`answers`: the labels of the answers a judge sees at once. `task`, `criteria` and `close` open, guide and end
    what it is told; between them stand the rules that no protocol changes.
    """

    slug: str
    title: str
    answers: tuple[str, ...]
    task: str
    criteria: str
    close: str
    menu: Menu[Meaning]

    @property
    def is_pointwise(self) -> bool:
        """One output at a time; what two of them come to follows from their scores."""
        return len(self.answers) == 1

    @property
    def has_grades(self) -> bool:
        """Whether its verdicts also say how much better."""
        return Verdict.FIRST_MUCH in self.menu.tokens.values()


PAIR = ("ANSWER A", "ANSWER B")

COMPARE = "You compare two answers to one question and decide which is better."

COMPARE_BY = """\
Judge by correctness first, then by helpfulness, relevance and depth. The order of the answers, their length and the \
names in them do not count. Where there is a reference, trust it over your own solution. Where there are several \
turns, judge the whole conversation."""

THREE_WAY_LINES = """\
[[A]] if answer A is better,
[[B]] if answer B is better,
[[TIE]] if they are equally good,
[[BOTH_BAD]] if neither is acceptable,
and nothing else."""

PAIRWISE: Protocol[Verdict] = Protocol(
    slug="pairwise-1",
    title="Pairwise, three ways",
    answers=PAIR,
    task=COMPARE,
    criteria=COMPARE_BY,
    close=f"""\
Think briefly, give your reason in one or two sentences, and end with a last line that holds exactly one of
{THREE_WAY_LINES}""",
    menu=THREE_WAY,
)

# The five grades and their marks are those of Arena-Hard (Li et al. 2024, arXiv:2406.11939).
PAIRWISE_FIVE: Protocol[Verdict] = Protocol(
    slug="pairwise-5",
    title="Pairwise, five grades",
    answers=PAIR,
    task=COMPARE,
    criteria=COMPARE_BY,
    close="""\
Think briefly, give your reason in one or two sentences, and end with a last line that holds exactly one of
[[A>>B]] if answer A is much better,
[[A>B]] if answer A is slightly better,
[[A=B]] if they are about equally good,
[[B>A]] if answer B is slightly better,
[[B>>A]] if answer B is much better,
and nothing else.""",
    menu=FIVE_GRADES,
)

OWN_ANSWER_FIRST: Protocol[Verdict] = Protocol(
    slug="own-answer-first",
    title="Own answer first, then three ways",
    answers=PAIR,
    task="You answer one question yourself, then compare two answers to it and decide which is better.",
    criteria=COMPARE_BY,
    close=f"""\
Proceed in two steps. First, under a line "My answer:", write your own answer to the question, before you look at the \
two answers; short is enough, but work out what can be worked out. Then, under a line "Comparison:", hold both \
answers against yours, correct yours where one of them shows that it is wrong, give your reason in one or two \
sentences, and end with a last line that holds exactly one of
{THREE_WAY_LINES}""",
    menu=THREE_WAY,
)

# A whole number from 1 to 100 for one answer with a reference beside it, as in the report on Reka Core (2024).
POINTWISE: Protocol[int] = Protocol(
    slug="pointwise-100",
    title="Pointwise, 1 to 100",
    answers=("ANSWER",),
    task="You grade one answer to a question.",
    criteria="""\
Judge by correctness first, then by helpfulness, relevance and depth. The length of the answer and the names in it do \
not count. Where there is a reference, trust it over your own solution and grade the answer against it. Where there \
are several turns, judge the whole conversation.""",
    close="""\
Think briefly, give your reason in one or two sentences, and end with a last line that holds a whole number in doubled \
square brackets, from [[1]] for an answer that is of no use to [[100]] for one that could not be better, and nothing \
else. Use the whole range.""",
    menu=SCORES,
)

PROTOCOLS: Mapping[str, Protocol[Any]] = MappingProxyType(
    {protocol.slug: protocol for protocol in (PAIRWISE, PAIRWISE_FIVE, OWN_ANSWER_FIRST, POINTWISE)}
)
POINTWISE_SLUGS = tuple(slug for slug, protocol in PROTOCOLS.items() if protocol.is_pointwise)


def protocol_of(slug: str) -> Protocol[Any]:
    """Raises UnknownProtocol."""
    if slug not in PROTOCOLS:
        raise UnknownProtocol(f"There is no protocol {slug!r}; expected one of {', '.join(PROTOCOLS)}.")
    return PROTOCOLS[slug]
