"""The A::B rewriting puzzle: generated from a seed and solved by code, so the right answer is always known.

The rules were posed in public as a challenge to language models by Victor Taelin (April 2024,
https://gist.github.com/VictorTaelin/8ec1d8a0a3c87af31c25224a1f7e31ec);
the wording, the generator and the solver here are our own.

No token has a hash on both sides, so no two rewriting steps ever compete for one; and every step removes a pair or
carries a right-hashed token past a left-hashed one for good. So every order of steps ends, and in the same sequence.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

TOKENS = ("A#", "#A", "B#", "#B")
EMPTY = "(empty)"
EXAMPLE = ("A#", "B#", "#A", "B#")

REWRITES: dict[tuple[str, str], tuple[str, ...]] = {
    ("A#", "#A"): (),
    ("A#", "#B"): ("#B", "A#"),
    ("B#", "#A"): ("#A", "B#"),
    ("B#", "#B"): (),
}

QUESTION = """\
We write sequences of four signs: A#, #A, B# and #B.
Two neighbouring signs meet when the left one ends in a hash and the right one begins with a hash. \
Whenever two signs meet, they have to be replaced:

{rules}

This goes on until no two neighbours meet. The order of the replacements makes no difference to the result.

Example: {example}

What becomes of this sequence?

{tokens}

End your reply with a line that begins with "Answer:" and gives the resulting sequence, \
its signs separated by spaces, or {empty} if nothing is left."""

# Marks that models like to set around or between tokens; a backslash comes from LaTeX and sits right before a hash.
DECORATION = str.maketrans(dict.fromkeys("`*_,;'\"[]{}$", " ") | {"\\": ""})
SEQUENCE = re.compile(r"(?<![\w#])(?:(?:[AB]#|#[AB])\s*)+(?![\w#])|\(\s*empty\s*\)|\bempty\b|[∅ε]")
TOKEN = re.compile(r"[AB]#|#[AB]")
FINAL_LINE = re.compile(r"\banswer\b", re.IGNORECASE)


def facing(tokens: Sequence[str]) -> list[int]:
    """The positions whose token faces the next one, hash to hash."""
    return [i for i, pair in enumerate(pairwise(tokens)) if pair in REWRITES]


def rewrite_at(tokens: Sequence[str], position: int) -> list[str]:
    """The sequence after one rewriting step; raises KeyError if the two tokens there do not face each other."""
    left, right = tokens[position : position + 2]
    return [*tokens[:position], *REWRITES[left, right], *tokens[position + 2 :]]


def steps(tokens: Sequence[str]) -> Iterator[list[str]]:
    """The sequence and all that follows from it, leftmost facing pair first; the last one is the normal form."""
    current = list(tokens)
    yield current
    while places := facing(current):
        current = rewrite_at(current, places[0])
        yield current


def reduce(tokens: Sequence[str]) -> list[str]:
    """The normal form: the sequence in which no two tokens face each other any more."""
    *_, normal_form = steps(tokens)
    return normal_form


def spelled(tokens: Sequence[str]) -> str:
    """A sequence as it is written in prompts and references."""
    return " ".join(tokens) or EMPTY


def generate(seed: int, count: int = 30, lengths: Iterable[int] = range(5, 13)) -> list[dict[str, object]]:
    """Different puzzles with their answers, in the format of the built-in sets; the same seed gives the same puzzles.

    The lengths take turns, so that any stretch of the set mixes easy and hard ones; every puzzle needs a step at least.
    Raises ValueError if there are not `count` different puzzles of these lengths.
    """
    sizes = list(lengths)
    _check_supply(count, sizes)
    rng = random.Random(seed)
    used: set[tuple[str, ...]] = {EXAMPLE}
    return [_prompt(seed, number, _new_puzzle(rng, sizes[number % len(sizes)], used)) for number in range(count)]


def last_sequence(text: str) -> list[str] | None:
    """The sequence that a reply settles on, or None if it names none.

    A line with the word "answer" goes before all others, a later line before an earlier one, and within a line the last
    sequence counts, so that working shown on the way does no harm.
    """
    lines = text.translate(DECORATION).splitlines()
    final_lines = [line for line in lines if FINAL_LINE.search(line)]
    for line in [*reversed(final_lines), *reversed(lines)]:
        if found := SEQUENCE.findall(line):
            return TOKEN.findall(found[-1])
    return None


def is_sequence(text: str) -> bool:
    """Whether it is one sequence as prompts and references write it, and nothing else."""
    found = last_sequence(text)
    return found is not None and spelled(found) == text.strip()


def is_correct(answer_text: str, reference: str) -> bool:
    """Whether the reply ends in the reference's sequence; a reply without a sequence is not correct.

    Raises ValueError if the reference itself is no sequence.
    """
    expected = last_sequence(reference)
    if expected is None:
        raise ValueError(f"the reference {reference!r} is no sequence of tokens such as '#B A#' or '{EMPTY}'.")
    return last_sequence(answer_text) == expected


def _check_supply(count: int, sizes: Sequence[int]) -> None:
    """Refuses a wish that drawing without repetition could never fulfil."""
    if not sizes:
        raise ValueError("no length was given; expected one or more, for example range(5, 13).")
    wanted = Counter(sizes[number % len(sizes)] for number in range(count))
    for size, number in sorted(wanted.items()):
        if number > (supply := puzzles_of_length(size)):
            raise ValueError(f"{number} puzzles of length {size} were asked for; only {supply} different ones exist.")


def puzzles_of_length(size: int) -> int:
    """How many sequences of this length need at least one step, the worked example left out.

    Of the 4^n sequences those are finished that consist of left-hashed tokens followed by right-hashed ones: n + 1
    places for the border, 2^n ways to choose the letters.
    """
    return 4**size - (size + 1) * 2**size - (size == len(EXAMPLE)) if size > 0 else 0


def _new_puzzle(rng: random.Random, size: int, used: set[tuple[str, ...]]) -> tuple[str, ...]:
    while True:
        puzzle = tuple(rng.choice(TOKENS) for _ in range(size))
        if puzzle not in used and facing(puzzle):
            used.add(puzzle)
            return puzzle


def _prompt(seed: int, number: int, puzzle: Sequence[str]) -> dict[str, object]:
    return {
        "key": f"ab-tokens-s{seed}-{number + 1:02d}",
        "category": "ab-tokens",
        "language": "en",
        "messages": [{"role": "user", "content": _question(puzzle)}],
        "reference": [spelled(reduce(puzzle))],
        "notes": f"Tokens: {len(puzzle)}; steps to the end: {len(list(steps(puzzle))) - 1}.",
    }


def _question(puzzle: Sequence[str]) -> str:
    rules = "\n".join(f"- {' '.join(pair)} becomes {' '.join(new) or 'nothing'}" for pair, new in REWRITES.items())
    example = ", then ".join(spelled(state) for state in steps(EXAMPLE)) + ", and there it stops."
    return QUESTION.format(rules=rules, example=example, tokens=spelled(puzzle), empty=EMPTY)
