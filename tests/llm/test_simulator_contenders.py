"""Answers carry the planted skill, name the prompt's words and come out the same each time."""

from itertools import pairwise
from statistics import mean

import pytest

from judgeboard.llm.simulator.cast import CONTENDERS, ORNATE, PLAIN, Cast
from judgeboard.llm.simulator.contenders import AVERAGE_SKILL, Contender, Style, answer
from judgeboard.llm.simulator.readers import Reader
from judgeboard.llm.simulator.reading import read_answer

QUESTION = "How long does a kettle need to boil a litre of water on a mountain?"


def contender(**changes) -> Contender:
    return Contender(**{"name": "rose", "skill": 1000, "sentences": 8, "style": PLAIN, "family": "garden"} | changes)


def answers(one: Contender, n: int) -> list[str]:
    return [
        answer(one, [f"Describe kettle number {number} and its bridge"], seed=0, sampling="") for number in range(n)
    ]


def test_the_same_question_gets_the_same_answer():
    first, second = (answer(contender(), [QUESTION], seed=4, sampling="1") for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("name", "turns", "seed", "sampling"),
    [
        ("lily", [QUESTION], 4, "1"),
        ("rose", [QUESTION, "And in a valley?"], 4, "1"),
        ("rose", [QUESTION], 5, "1"),
        ("rose", [QUESTION], 4, "2"),
    ],
)
def test_another_name_conversation_seed_or_sampling_gives_another_answer(name, turns, seed, sampling):
    usual = answer(contender(), [QUESTION], seed=4, sampling="1")
    assert usual != answer(contender(name=name), turns, seed=seed, sampling=sampling)


@pytest.mark.parametrize("skill", [750, 1000, 1220])
def test_the_skill_can_be_read_from_many_answers(skill):
    # One answer spreads by about 170 points, so the mean of 800 by 170 / sqrt(800) = 6; allowed: four times that.
    qualities = [read_answer(text).quality for text in answers(contender(skill=skill), 800)]
    assert pytest.approx(skill - AVERAGE_SKILL, abs=24) == mean(qualities)


def test_a_verbose_contender_writes_longer_answers_of_the_same_quality():
    short, long = answers(contender(sentences=5), 600), answers(contender(sentences=11), 600)
    assert mean(map(len, long)) > 1.8 * mean(map(len, short))
    assert pytest.approx(mean(read_answer(text).quality for text in long), abs=35) == mean(
        read_answer(text).quality for text in short
    )


def test_an_answer_names_words_of_the_last_turn():
    text = answer(contender(), ["Tell me about violins", "And about harbours and lanterns?"], seed=0, sampling="")
    assert "harbours" in text
    assert "lanterns" in text
    assert "violins" not in text


def test_an_answer_falls_back_on_earlier_turns_when_the_last_has_no_telling_word():
    assert "violins" in answer(contender(), ["Tell me about violins", "And?"], seed=0, sampling="")


def test_a_prompt_without_any_word_is_answered_too():
    assert read_answer(answer(contender(), ["?"], seed=0, sampling="")).length > 100


def test_style_shows_in_markdown():
    assert not any(read_answer(text).has_markdown for text in answers(contender(style=Style(0, 0, 0)), 40))
    assert all(read_answer(text).has_markdown for text in answers(contender(style=Style(1, 1, 1)), 40))


def test_headings_lists_and_bold_words_are_laid_out_as_markdown():
    text = answer(contender(style=Style(lists=1, headings=1, bold=1)), [QUESTION], seed=0, sampling="")
    opening, heading, items, closing = text.split("\n\n")
    assert "**" in opening
    assert heading.startswith("### ")
    assert all(line.startswith(("- ", f"{number}. ")) for number, line in enumerate(items.splitlines(), 1))
    assert closing.endswith(".")


def test_no_answer_of_the_cast_says_who_wrote_it():
    for one in CONTENDERS:
        for text in answers(one, 20):
            assert not any(word in text.casefold() for word in ("sim-", "simulat", one.name.removeprefix("sim-")))


def test_the_skills_of_the_cast_average_the_middle_of_the_scale_with_one_close_pair():
    skills = sorted((one.skill for one in CONTENDERS), reverse=True)
    gaps = [upper - lower for upper, lower in pairwise(skills)]
    assert 8 == len(skills)
    assert AVERAGE_SKILL == mean(skills)
    assert [15] == [gap for gap in gaps if gap < 60]
    assert max(gaps) <= 90


def test_the_truth_names_every_skill_and_bias():
    truth = Cast(
        contenders=(contender(style=ORNATE),), judges=(Reader("oak", "bench", 1, 2, first_bias=25),), people=()
    ).truth()
    assert {"rose": 1000} == truth["skill"]
    assert 25 == truth["judges"]["oak"]["first_bias"]


def test_a_cast_with_one_name_twice_is_refused():
    with pytest.raises(ValueError, match="2 models have 1 names"):
        Cast(contenders=(contender(), contender()), judges=(), people=()).by_name()


def test_the_usual_cast_is_eight_contenders_two_judges_and_24_people():
    names = list(Cast().by_name())
    assert 8 + 2 + 24 == len(names)
    assert "sim-person-01" in names
    assert "sim-person-24" in names
