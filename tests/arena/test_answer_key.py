"""Which references a program can check, and what it makes of answers: right, wrong, or left open."""

import pytest

from apps.prompts.builtin import BUILTIN_SETS
from judgeboard.arena.answer_key import is_right, key_of

KEYS = {  # of the riddles; all others say something that is no single number
    **{"quantities-03": 1, "quantities-04": 24, "quantities-05": 2, "quantities-07": 5, "quantities-09": 10},
    **{"quantities-10": 72, "quantities-11": 12, "logic-03": 3, "logic-04": 5, "logic-05": 1, "logic-11": 7},
    **{"logic-13": 1, "logic-15": 4, "words-and-digits-01": 6, "words-and-digits-02": 13, "everyday-world-03": 7},
    **{"everyday-world-04": 2, "everyday-world-07": 2, "everyday-world-10": 4},
}


def test_of_the_riddles_those_with_one_number_have_a_key():
    found = {row["key"]: key_of(row["reference"][0]) for row in BUILTIN_SETS["riddles"].rows()}

    assert KEYS == {key: number for key, number in found.items() if number is not None}


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        ("19%", 19),
        ("12,000 dollars", 12000),
        ("f(2) = 0", 0),
        ("19 integers (-14, ..., 4)", 19),
        ("Total number of passenger is 50 * 2 = $100", 100),
        ("-3", -3),
        ("36 (all cases) - 0 (sum equals 1) - 1 (sum equals 2) = 35, so the probability is 35/36", None),
        ("5pi", None),
        ("(-1/2)y", None),
        ("Amazon, 7; river, 6; you, 2", None),
        ("[5, 1, 3]", None),
        ("At 13:30: three half hours pass.", None),
        ("Fill the 6-litre jug once, then the other.", None),
        ("You should carefully check the initial cases for n < 3", None),
        ("Uncertain.", None),
        ("", None),
    ],
)
def test_the_key_of_a_reference(reference, key):
    assert key == key_of(reference)


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("24", True),
        ("It is half covered after **24 days**.", True),
        ("Half of 48 is what we look for.\n\n\\boxed{24}", True),
        ("It grows evenly, so the answer is 24. It would be 47 if it doubled.", True),
        ("After 47 days, as it doubles each day.", False),
        ("On day 47.", False),
        ("After 24 days, half of 48.", None),  # two numbers: which does it mean?
        ("Not 24, as one may think. It takes 47 days.", None),  # it names the key, and concludes otherwise
        ("I do not know.", None),
    ],
)
def test_an_answer_is_right_wrong_or_left_open(answer, right):
    assert right is is_right(answer, "After 24 days: it grows by equal amounts and does not double.")


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("It takes two hours.", True),
        ("1. Two loads.\n2. An hour each.\n\nSo **two hours**.", True),
        ("Step 1: an hour a load.\nStep 2: 8 hours in all.", False),
        ("One load takes 1 hour, so twice as long.", None),  # twice may be the two that is looked for
    ],
)
def test_words_may_be_numbers_and_the_marks_of_lists_and_steps_are_none(answer, right):
    assert right is is_right(answer, "2 hours: two loads of four shirts.")


def test_without_a_key_nothing_is_checked():
    assert is_right("Saturday", "Saturday: the day before the day after tomorrow is tomorrow.") is None
