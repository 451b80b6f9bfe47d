import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.arena import judge_reply
from judgeboard.arena.judge_reply import (
    FIVE_GRADES,
    SCORES,
    THREE_WAY,
    Reading,
    Verdict,
    grade,
    outcome,
    outcome_of_scores,
)
from judgeboard.arena.outcome import Outcome
from tests.arena.judge_replies import GRADED, REPLIES, SCORED

TOKENS = THREE_WAY.tokens

# Text with the pieces of a verdict in it, so that Hypothesis comes near one.
pieces = st.sampled_from(
    ["[[A]]", "[[B]]", "[[", "]]", "A", "TIE", "\n", "\r", "\u2028", " ", "verdict", ":", "**", "not"]
)
near_verdicts = st.lists(st.one_of(pieces, st.text(max_size=3)), max_size=12).map("".join)


def read(text: str) -> Reading[Verdict]:
    return judge_reply.read(text, THREE_WAY)


@pytest.mark.parametrize(("text", "verdict"), REPLIES)
def test_a_reply_is_read_by_its_last_line_alone(text, verdict):
    assert verdict == read(text).verdict


@pytest.mark.parametrize("text", [text for text, verdict in REPLIES if verdict is None])
def test_what_is_no_verdict_has_a_sentence_that_says_why(text):
    problem = read(text).problem
    assert problem.startswith("The ")
    assert problem.endswith(".")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The reply is empty."),
        ("A is better.", "The last line holds none of [[A]], [[B]], [[TIE]] or [[BOTH_BAD]]: 'A is better.'."),
        ("[[A]] [[B]]", "The last line holds 2 verdicts where exactly one is expected: '[[A]] [[B]]'."),
        ("so not [[A]]", "The last line says more than the verdict alone: 'so not [[A]]'."),
        ("<think>[[A]]", "The reply ended while the judge was still thinking; it holds no verdict."),
    ],
)
def test_the_problem_names_what_was_found(text, sentence):
    assert sentence == read(text).problem


def test_a_long_last_line_is_quoted_in_short():
    assert len(read("x" * 100_000).problem) < 250


def test_the_reason_is_what_stands_before_the_verdict():
    reading = read("<think>hm</think>\n\nB forgets the unit.\nA does not.\n\nVerdict: [[A]]\n")
    assert ("B forgets the unit.\nA does not.", "") == (reading.reason, reading.problem)


def test_an_unreadable_reply_keeps_its_words_as_the_reason():
    assert "I would rather not say." == read("I would rather not say.").reason


@given(near_verdicts)
def test_no_text_yields_a_verdict_without_one_legal_token_in_its_last_line(text):
    reading = read(text)
    lines = [line for line in text.splitlines() if line.strip()]
    tokens = [token for token in TOKENS if lines and token in lines[-1]]
    if reading.verdict is not None:
        assert [reading.verdict] == [TOKENS[token] for token in tokens]
        assert 1 == lines[-1].count(tokens[0])
    assert (reading.verdict is None) == bool(reading.problem)


@given(st.text(), st.sampled_from(sorted(TOKENS)))
def test_a_token_alone_on_the_last_line_always_binds(text, token):
    assert TOKENS[token] == read(f"Reason: {text}\n{token}").verdict


@pytest.mark.parametrize("filler", ["*", " ", "my ", "[[", "final verdict is ", "<think>"])
def test_endless_lines_are_read_in_one_pass(filler):
    assert read(filler * 200_000 + "[[A]]x").verdict is None


@pytest.mark.parametrize(
    ("verdict", "first", "expected"),
    [
        (Verdict.FIRST, 0, Outcome.MODEL_A),
        (Verdict.FIRST, 1, Outcome.MODEL_B),
        (Verdict.SECOND, 0, Outcome.MODEL_B),
        (Verdict.SECOND, 1, Outcome.MODEL_A),
        (Verdict.TIE, 1, Outcome.TIE),
        (Verdict.BOTH_BAD, 0, Outcome.BOTH_BAD),
    ],
)
def test_a_verdict_is_told_from_the_sides_by_what_was_shown_first(verdict, first, expected):
    assert expected is outcome(verdict, first=first)


@pytest.mark.parametrize("first", [-1, 2, None])
def test_a_verdict_in_an_unknown_order_is_refused(first):
    with pytest.raises(ValueError, match="0 or 1"):
        outcome(Verdict.FIRST, first=first)


@pytest.mark.parametrize(
    ("line", "shown_first", "expected"),
    [
        ("[[A>>B]]", 0, (Outcome.MODEL_A, 2)),
        ("[[A>B]]", 0, (Outcome.MODEL_A, 1)),
        ("[[A=B]]", 1, (Outcome.TIE, 0)),
        ("[[B>A]]", 0, (Outcome.MODEL_B, -1)),
        ("[[B>>A]]", 1, (Outcome.MODEL_A, 2)),
        ("**Final verdict:** [[A>B]]", 1, (Outcome.MODEL_B, -1)),
    ],
)
def test_five_grades_are_told_from_the_sides_as_outcome_and_grade(line, shown_first, expected):
    verdict = judge_reply.read(f"B is vague.\n{line}", FIVE_GRADES).verdict
    assert expected == (outcome(verdict, first=shown_first), grade(verdict, first=shown_first))


@pytest.mark.parametrize(("text", "verdict"), GRADED)
def test_what_is_off_the_menu_of_five_grades_is_no_verdict(text, verdict):
    assert verdict == judge_reply.read(text, FIVE_GRADES).verdict


@pytest.mark.parametrize(("text", "score"), SCORED)
def test_a_score_is_a_whole_number_from_1_to_100_alone_on_the_last_line(text, score):
    assert score == judge_reply.read(text, SCORES).verdict


@pytest.mark.parametrize(
    ("menu", "words"),
    [
        (THREE_WAY, "[[A]], [[B]], [[TIE]] or [[BOTH_BAD]]"),
        (FIVE_GRADES, "[[A>>B]], [[A>B]], [[A=B]], [[B>A]] or [[B>>A]]"),
        (SCORES, "[[1]], [[2]], ... or [[100]]"),
    ],
)
def test_a_judge_off_the_menu_is_told_the_menu(menu, words):
    assert f"The last line holds none of {words}: 'Hm.'." == judge_reply.read("Hm.", menu).problem
    assert menu.reminder.endswith(f"exactly one of {words}.")


@pytest.mark.parametrize("menu", [THREE_WAY, FIVE_GRADES, SCORES], ids=["three ways", "five grades", "scores"])
def test_a_structured_reply_of_the_menus_schema_is_read(menu):
    for token, meaning in menu.tokens.items():
        said = json.dumps({"reason": "B is vague.\n[[B]]?", "verdict": token})
        assert Reading(meaning, "B is vague.\n[[B]]?", "") == judge_reply.read(f"<think>{{</think>\n{said}\n", menu)
    assert list(menu.tokens) == judge_reply.schema(menu)["properties"]["verdict"]["enum"]


@pytest.mark.parametrize(
    "text",
    [
        '{"verdict": "[[A]]"}',
        '{"reason": "x", "verdict": "A"}',
        '{"reason": "x", "verdict": "[[A]] or [[B]]"}',
        '{"reason": "x", "verdict": ["[[A]]"]}',
        '{"reason": null, "verdict": "[[A]]"}',
        '{"reason": "x", "verdict": "[[A]]", "also": "[[B]]"}',
        '{"reason": "x", "verdict": "[[A]]"',
        '{"reason": "x", "verdict": "[[A]]"} or not',
        '[{"reason": "x", "verdict": "[[A]]"}]',
        '{"reason": ' * 100_000,
    ],
)
def test_an_object_that_is_not_of_the_schema_to_the_letter_is_no_verdict(text):
    assert read(text).verdict is None


@pytest.mark.parametrize(
    ("a", "b", "expected"), [(87, 62, Outcome.MODEL_A), (62, 87, Outcome.MODEL_B), (70, 70, Outcome.TIE)]
)
def test_of_two_scores_the_higher_one_wins(a, b, expected):
    assert expected is outcome_of_scores(a, b)
