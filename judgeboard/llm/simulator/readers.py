"""Those who compare two answers, judges and people alike: planted noise, biases and thresholds, and what they reply.

A reader sees the two answers only. It is never told who wrote them.
"""

import math
from dataclasses import dataclass
from random import Random

from .chance import generator
from .reading import Impression, Pair, find_pair, read_answer

A, B, TIE, BOTH_BAD = "[[A]]", "[[B]]", "[[TIE]]", "[[BOTH_BAD]]"

NEVER_BAD = -10_000.0  # below everything there is; not infinity, which JSON cannot hold

NOT_READABLE = (
    "I am sorry, but I cannot find a question with two marked answers in this message, so I have nothing to compare. "
    "Please send the question, answer A and answer B between their markers."
)


@dataclass(frozen=True, slots=True)
class Reader:
    """What is planted in a reader; every figure is in Elo points.

    taste:        spread of the lasting liking for one answer: the same in both orders and at every repetition
    slip:         spread of the chance error of one comparison: new for the other order
    first_bias:   head start of the answer shown first
    length_bias:  head start of an answer twice as long as the other
    style_bias:   head start of an answer in Markdown over a plain one
    tie_band:     differences smaller than this are called a tie
    bad_below:    two answers that both seem worse than this (0: the average contender) are both bad
    """

    name: str
    family: str
    taste: float
    slip: float
    first_bias: float = 0.0
    length_bias: float = 0.0
    style_bias: float = 0.0
    tie_band: float = 0.0
    bad_below: float = NEVER_BAD


def reply(reader: Reader, text: str, *, seed: int, sampling: str) -> str:
    """What `reader` says to a judge prompt: a reason and, alone on the last line, a verdict.

    The nonce of the prompt's markers has no influence, so the same match gets the same reply in every installation. A
    text that holds no readable pair gets a polite answer without verdict.
    """
    pair = find_pair(text)
    if pair is None:
        return NOT_READABLE
    first, second = read_answer(pair.first), read_answer(pair.second)
    chance = generator(seed, "slip", reader.name, sampling, pair.question, pair.first, pair.second)
    verdict = _verdict(reader, pair, first, second, seed=seed, chance=chance)
    return f"{_reason(verdict, first, second, chance)}\n\n{verdict}"


def _verdict(reader: Reader, pair: Pair, first: Impression, second: Impression, *, seed: int, chance: Random) -> str:
    liked_first = first.quality + _taste(reader, pair.first, seed)
    liked_second = second.quality + _taste(reader, pair.second, seed)
    if max(liked_first, liked_second) < reader.bad_below:
        return BOTH_BAD
    lead = liked_first - liked_second + _head_start(reader, first, second) + chance.gauss(0, reader.slip)
    if abs(lead) < reader.tie_band:
        return TIE
    return A if lead > 0 else B


def _taste(reader: Reader, text: str, seed: int) -> float:
    return generator(seed, "taste", reader.name, text).gauss(0, reader.taste)


def _head_start(reader: Reader, first: Impression, second: Impression) -> float:
    """What the biases give to the answer shown first."""
    doublings = math.log2(max(1, first.length) / max(1, second.length))
    style = first.has_markdown - second.has_markdown
    return reader.first_bias + reader.length_bias * doublings + reader.style_bias * style


_BOTH_QUOTED = (
    "Answer {better} is more useful: it says “{merit}”, while answer {worse} only offers “{flaw}”.",
    "I prefer answer {better}. It gives something to hold on to (“{merit}”); “{flaw}” in answer {worse} does not.",
    "“{merit}” in answer {better} answers what was asked. Answer {worse} falls back on “{flaw}”.",
    "Answer {better} reasons more carefully (“{merit}”) than answer {worse}, which says “{flaw}”.",
)
_MERIT_QUOTED = (
    "Both answers are to the point, but “{merit}” makes answer {better} a little more helpful.",
    "Answer {better} goes further than answer {worse}, above all with “{merit}”.",
)
_FLAW_QUOTED = (
    "Neither answer convinces, but “{flaw}” makes answer {worse} the weaker one.",
    "Answer {better} is somewhat better; answer {worse} loses itself in “{flaw}”.",
)
_NONE_QUOTED = (
    "Answer {better} reads a little better than answer {worse} as a whole.",
    "On balance answer {better} serves the question better than answer {worse}.",
)
_ALIKE = (
    "The two answers are about equally good; {seen}.",
    "I see no difference that would matter: {seen}.",
    "They are close, since {seen}.",
)
_ALL_BAD = (
    "Neither answer helps the person who asked; {seen}.",
    "I would send neither of these: {seen}.",
)


def _reason(verdict: str, first: Impression, second: Impression, chance: Random) -> str:
    if verdict in (A, B):
        return _preference(verdict, first, second, chance)
    quotes = (first.flaw, second.flaw) if verdict == BOTH_BAD else (first.merit, second.merit)
    template = chance.choice(_ALL_BAD if verdict == BOTH_BAD else _ALIKE)
    return template.format(seen=_side_by_side(*quotes))


def _preference(verdict: str, first: Impression, second: Impression, chance: Random) -> str:
    better, worse = ("A", "B") if verdict == A else ("B", "A")
    merit, flaw = (first.merit, second.flaw) if verdict == A else (second.merit, first.flaw)
    templates = {
        (True, True): _BOTH_QUOTED,
        (True, False): _MERIT_QUOTED,
        (False, True): _FLAW_QUOTED,
        (False, False): _NONE_QUOTED,
    }[bool(merit), bool(flaw)]
    return chance.choice(templates).format(better=better, worse=worse, merit=merit, flaw=flaw)


def _side_by_side(first_quote: str, second_quote: str) -> str:
    if first_quote and second_quote:
        return f"“{first_quote}” in answer A weighs as much as “{second_quote}” in answer B"
    if first_quote or second_quote:
        side, quote = ("A", first_quote) if first_quote else ("B", second_quote)
        return f"“{quote}” in answer {side} does not set it apart"
    return "neither has a sentence that sets it apart"
