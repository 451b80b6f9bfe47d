"""Those who compare two answers, judges and people alike: planted noise, biases and thresholds, and what they reply.

A reader sees the two answers only, or one alone that it scores. It is never told who wrote them.
"""

import math
from dataclasses import dataclass
from random import Random

from .chance import generator
from .reading import Impression, Pair, Single, find_pair, find_single, instructions, read_answer

A, B, TIE, BOTH_BAD = "[[A]]", "[[B]]", "[[TIE]]", "[[BOTH_BAD]]"
MUCH_A, SLIGHTLY_A, EVEN, SLIGHTLY_B, MUCH_B = "[[A>>B]]", "[[A>B]]", "[[A=B]]", "[[B>A]]", "[[B>>A]]"

MUCH = 250.0  # Elo points from which one answer is much better than the other
ORDINARY_LENGTH = 800  # characters of an answer that a reader who sees it alone finds neither long nor short

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
    """What `reader` says to a judge prompt: a reason and, alone on the last line, a verdict from the prompt's own menu.

    The nonce of the prompt's markers has no influence, so the same match gets the same reply in every installation. A
    text that holds nothing to judge gets a polite answer without verdict.
    """
    pair, single, told = find_pair(text), find_single(text), instructions(text)
    if pair is not None:
        said = _compared(reader, pair, seed=seed, sampling=sampling, graded=MUCH_A in told)
    elif single is not None:
        said = _scored(reader, single, seed=seed, sampling=sampling)
    else:
        return NOT_READABLE
    return f"{_OWN_ANSWER}{said}" if '"My answer:"' in told else said


_OWN_ANSWER = "My answer:\nI would say it in one sentence of my own.\n\nComparison:\n"


def _compared(reader: Reader, pair: Pair, *, seed: int, sampling: str, graded: bool) -> str:
    first, second = read_answer(pair.first), read_answer(pair.second)
    chance = generator(seed, "slip", reader.name, sampling, pair.question, pair.first, pair.second)
    verdict, lead = _verdict(reader, pair, seed=seed, chance=chance)
    return f"{_reason(verdict, first, second, chance)}\n\n{_grade(verdict, lead) if graded else verdict}"


def _verdict(reader: Reader, pair: Pair, *, seed: int, chance: Random) -> tuple[str, float]:
    """The verdict of three ways, and the lead of the answer shown first."""
    lead = lasting_lead(reader, pair, seed=seed)
    if lead is None:
        return BOTH_BAD, 0.0
    lead += chance.gauss(0, reader.slip)
    if abs(lead) < reader.tie_band:
        return TIE, lead
    return (A if lead > 0 else B), lead


def lasting_lead(reader: Reader, pair: Pair, *, seed: int) -> float | None:
    """The lead of the answer shown first before the chance error of one comparison; None: both are bad."""
    first, second = read_answer(pair.first), read_answer(pair.second)
    liked_first = first.quality + _taste(reader, pair.first, seed)
    liked_second = second.quality + _taste(reader, pair.second, seed)
    if max(liked_first, liked_second) < reader.bad_below:
        return None
    return liked_first - liked_second + _head_start(reader, first, second)


def _grade(verdict: str, lead: float) -> str:
    """The verdict in five grades, which know no two bad answers."""
    if verdict not in (A, B):
        return EVEN
    if verdict == A:
        return MUCH_A if lead >= MUCH else SLIGHTLY_A
    return MUCH_B if lead <= -MUCH else SLIGHTLY_B


def _scored(reader: Reader, single: Single, *, seed: int, sampling: str) -> str:
    """50 for an average answer; 400 Elo points make the odds ten to one, as on the scale of the ratings."""
    chance = generator(seed, "slip", reader.name, sampling, single.question, single.answer)
    liked = lasting_liking(reader, single, seed=seed) + chance.gauss(0, reader.slip)
    score = round(1 + 99 / (1 + 10 ** (-liked / 400)))
    return f"{_impression(read_answer(single.answer))}\n\n[[{score}]]"


def lasting_liking(reader: Reader, single: Single, *, seed: int) -> float:
    """How much one answer is liked before the chance error of one look."""
    seen = read_answer(single.answer)
    length = reader.length_bias * math.log2(max(1, seen.length) / ORDINARY_LENGTH)
    return seen.quality + _taste(reader, single.answer, seed) + length + reader.style_bias * seen.has_markdown


def _impression(seen: Impression) -> str:
    if seen.merit and seen.flaw:
        return f"It is strong where it says “{seen.merit}” and weak where it says “{seen.flaw}”."
    if seen.merit or seen.flaw:
        return f"What decides is “{seen.merit or seen.flaw}”."
    return "There is no sentence in it that sets it apart."


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
