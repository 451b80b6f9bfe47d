"""L6: more than three hundred replies of judges written by hand, and twenty thousand random ones, under every menu."""

import random

import pytest

from judgeboard.arena.judge_reply import FIVE_GRADES, SCORES, THREE_WAY, Menu, read
from tests.arena.judge_replies import GRADED, REPLIES, SCORED

RANDOM_REPLIES = 20_000
MENUS = (THREE_WAY, FIVE_GRADES, SCORES)
PIECES = (
    "[[A]]", "[[B]]", "[[TIE]]", "[[A>>B]]", "[[B>A]]", "[[7]]", "[[100]]", "[[", "]]", "[", "]", "A", "TIE", "100", ">", "\n", "\n\n",
    "\r\n", "\u2028", " ", "\t", "verdict", "Final ", "is", ":", "**", "`", "not", "or", "<think>", "</think>", '{"reason": "x", ',
    '"verdict": "[[A]]"}', "［", "［A］", "\x00", "\ud800", "\u202e", "\U0010ffff", "\u0301", "е", "判断", "🙂",
)  # fmt: skip


def random_reply(chance: random.Random, menu: Menu) -> str:
    """Pieces of verdicts, and now and then any character there is, surrogates and unassigned ones included.

    Every other one has a legal token near its end, or too few would come near a verdict.
    """
    pieces = [
        chr(chance.randrange(0x110000)) if chance.random() < 0.2 else chance.choice(PIECES)
        for _ in range(chance.randrange(12))
    ]
    if chance.random() < 0.5:
        pieces += ["\n", chance.choice(list(menu.tokens)), *chance.choices(PIECES, k=chance.randrange(3))]
    return "".join(pieces)


def holds_its_token(text: str, menu: Menu, meaning) -> bool:
    """Told without the code that reads: in the last line, after all thoughts, stands one legal token, and means that."""
    last = [line for line in text.rpartition("</think>")[2].splitlines() if line.strip()][-1]
    found = [meant for token, meant in menu.tokens.items() for _ in range(last.count(token))]
    return [meaning] == found


@pytest.mark.chaos
def test_L6_replies_by_hand_are_read_right_and_random_ones_never_without_a_legal_token(promise):
    by_hand = [(THREE_WAY, REPLIES), (FIVE_GRADES, GRADED), (SCORES, SCORED)]
    readings = [(read(text, menu).verdict, right) for menu, replies in by_hand for text, right in replies]
    n_right = sum(found == right for found, right in readings)
    chance = random.Random(6)
    drawn = [(random_reply(chance, menu), menu) for menu in MENUS for _ in range(RANDOM_REPLIES // len(MENUS) + 1)]
    verdicts = [(text, menu, meaning) for text, menu in drawn if (meaning := read(text, menu).verdict) is not None]
    without_token = [verdict for verdict in verdicts if not holds_its_token(*verdict)]

    promise(
        "L6",
        f"{len(readings)} replies by hand, {len(drawn):,} random ones",
        must="all of >= 300 right, 0 exceptions, 0 verdicts without a legal token",
        shown=f"{n_right} right, 0 exceptions, {len(without_token)} of {len(verdicts):,} verdicts without a token",
    )
    assert len(readings) >= 300
    assert len(readings) == n_right
    assert [] == without_token
    assert len(verdicts) > RANDOM_REPLIES / 10  # or nothing was shown
