"""Two texts word by word."""

import time

import pytest

from apps.board.word_diff import LONGEST, word_diff


def marked(pieces) -> str:
    return "".join(f"[{piece.text}]" if piece.own else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("a", "b", "told_a", "told_b"),
    [
        ("one two three", "one 2 three", "one [two] three", "one [2] three"),
        ("one", "one two", "one", "one[ two]"),
        ("same", "same", "same", "same"),
        ("Äpfel, bitte!", "Äpfel bitte", "Äpfel[,] bitte[!]", "Äpfel bitte"),
        ("", "new", "", "[new]"),
        ("شكرا جزيلا", "شكرا", "شكرا[ جزيلا]", "شكرا"),
    ],
)
def test_what_only_one_text_has_is_its_own(a, b, told_a, told_b):
    diff = word_diff(a, b)

    assert (told_a, told_b) == (marked(diff.a), marked(diff.b))


def test_nothing_is_lost_or_added():
    a, b = "a\n\n- b\tc  d e" * 40, "x\n- b c d" * 50
    diff = word_diff(a, b)

    assert (a, b) == tuple("".join(piece.text for piece in pieces) for pieces in (diff.a, diff.b))


def test_texts_too_long_are_not_compared():
    assert word_diff("a " * LONGEST, "a") is None


def test_hostile_texts_take_no_long_time():
    started = time.perf_counter()
    word_diff(" ".join(str(n % 99) for n in range(1999)), " ".join(str(n * 7 % 99) for n in range(1999)))

    assert time.perf_counter() - started < 2
