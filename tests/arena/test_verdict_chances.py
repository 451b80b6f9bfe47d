"""How probable each verdict was, from tokens and their alternatives: certain or nothing."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.arena.judge_reply import FIVE_GRADES, SCORES, THREE_WAY, Menu, read
from judgeboard.arena.verdict_chances import expected_score, score_chances, verdict_chances


def token(text: str, **chances: float) -> tuple[str, dict[str, float]]:
    """A token with the chances of what could have stood there; alone it was certain."""
    return offered(text, chances or {text: 1.0})


def offered(text: str, chances: dict[str, float]) -> tuple[str, dict[str, float]]:
    return text, {alternative: math.log(chance) for alternative, chance in chances.items()}


def written(*tokens) -> str:
    return "".join(text for text, _ in tokens)


def told(*tokens, text=None, menu=THREE_WAY, first=0):
    return verdict_chances(written(*tokens) if text is None else text, tokens, menu, first=first)


REASON = token("A is right."), token("\n\n")
SPLIT = token("[["), token("A", A=0.9, B=0.06, T=0.03, BOTH=0.01), token("]]")
CHANCES = {"model_a": 0.9, "model_b": 0.06, "tie": 0.03, "both_bad": 0.01}


def test_a_verdict_split_over_tokens_is_told_at_the_one_that_decides():
    assert pytest.approx(CHANCES) == told(*REASON, *SPLIT)


def test_it_is_told_from_the_side_that_is_shown_first():
    assert pytest.approx(CHANCES | {"model_a": 0.06, "model_b": 0.9}) == told(*REASON, *SPLIT, first=1)


def test_what_leads_to_no_legal_verdict_is_left_out_and_the_rest_is_the_whole():
    illegal = {"a": 0.1, " A": 0.1, "C": 0.1, "Tie": 0.05, "both": 0.05}
    chances = told(token("[["), offered("A", {"A": 0.45, "B": 0.15} | illegal), token("]]"))

    # .45 and .15 of .6
    assert pytest.approx({"model_a": 0.75, "model_b": 0.25}) == chances


@pytest.mark.parametrize(
    "tokens",
    [
        (offered("[[A]]", {"[[A]]": 0.6, "[[B]]": 0.2, " [[B]]": 0.1, "[[TIE": 0.1, "The": 0.3}),),
        (token("["), offered("[A", {"[A": 0.6, "[B": 0.3, "[T": 0.1}), token("]]")),
        (token("[["), offered("A]]", {"A]]": 0.6, "B": 0.1, "B]]": 0.1, "B]": 0.1, "TI": 0.1}), token("\n")),
        (token("Verdict: ["), token("["), offered("A", {"A": 0.6, "B": 0.3, "TIE": 0.1}), token("]"), token("].")),
        (token("**[["), offered("A", {"A": 0.6, "B": 0.3, "TIE]]**": 0.1}), token("]]**")),
        (offered("\n\n[[A", {"\n\n[[A": 0.6, "\n[[B": 0.2, " **[[B": 0.1, "\n\n[[TIE": 0.1}), token("]]")),
    ],
)
def test_brackets_blanks_and_marks_may_stand_in_any_token(tokens):
    assert pytest.approx({"model_a": 0.6, "model_b": 0.3, "tie": 0.1}) == told(*tokens)


def test_the_token_after_b_tells_it_from_both_bad():
    chances = told(token("[["), token("B", B=0.5, A=0.5), offered("]]", {"]]": 0.8, "OTH": 0.2}))

    # B .5 x .8 and BOTH_BAD .5 x .2
    assert pytest.approx({"model_a": 0.5, "model_b": 0.4, "both_bad": 0.1}) == chances


def test_grades_of_one_side_are_one_outcome():
    tokens = (
        token("[["),
        token("A", A=0.8, B=0.2),
        offered(">", {">": 0.5, ">>": 0.3, "=": 0.2}),
        token("B"),
        token("]]"),
    )

    # A > .8 x .5, A >> .8 x .3, A = .8 x .2; B .2 is B > A or B >> A, which side b wins either way
    assert pytest.approx({"model_a": 0.64, "tie": 0.16, "model_b": 0.2}) == told(*tokens, menu=FIVE_GRADES)


def test_what_may_lead_to_two_outcomes_makes_it_unknown_unless_it_is_next_to_nothing():
    def graded(unclear):  # A would be A > B, A >> B or A = B
        tokens = token("[["), token("B", B=1 - unclear, A=unclear), token(">"), token("A"), token("]]")
        return told(*tokens, menu=FIVE_GRADES)

    assert graded(0.1) is None
    assert {"model_b": 1.0} == graded(0.005)


@pytest.mark.parametrize("around", [["<|im_end|>"], ["\n"], ["</s>"], ["\n", "<|eot_id|>", "\n"], []])
def test_the_mark_that_ended_the_reply_does_no_harm(around):
    tokens = (*REASON, *SPLIT, *(token(text) for text in around))

    assert pytest.approx(CHANCES) == told(*tokens, text=written(*REASON, *SPLIT))


def test_only_the_end_of_the_stream_is_needed_and_broken_letters_before_it_do_no_harm():
    assert pytest.approx(CHANCES) == told(token("\ufffd"), *SPLIT, text="“A” is right.\n[[A]]")


@pytest.mark.parametrize(
    "tokens",
    [
        (),
        (token("[["), token("B"), token("]]")),  # another reply than the text
        (*SPLIT, token(" is what I thought at first")),
        (*SPLIT, token("\n[["), token("B")),
        (token("[["), ("A", {"B": -0.1}), token("]]")),  # what was written is not among what could have been
        (token("[["), ("A", {"A": -9999.0, "B": -9999.0}), token("]]")),  # as servers say "not at all"
    ],
)
def test_where_the_place_is_not_certain_nothing_is_told(tokens):
    assert told(*tokens, text="A is right.\n[[A]]") is None


def test_a_reply_without_a_legal_verdict_has_no_chances():
    assert told(*SPLIT, token(" or [[B]]")) is None
    assert told() is None


OBJECT = token('{"reason": "x", "verdict": "'), *SPLIT, token('"}')


def test_a_reply_bound_to_a_schema_is_told_as_well():
    assert pytest.approx(CHANCES) == told(*OBJECT)


@pytest.mark.parametrize(
    "text",
    [
        '{"verdict": "[[A]]", "reason": "B ends with [[A]]"}',
        '{"verdict": "[[A]]", "reason": "B says \\"verdict\\": \\"[[A]]"}',
        '{"reason": "B ends with [[B]]", "verdict": "\\u005b[A]]"}',
    ],
)
def test_a_verdict_that_stands_elsewhere_in_an_object_is_not_looked_for(text):
    assert read(text, THREE_WAY).verdict is not None
    assert told(*(token(sign) for sign in text)) is None


# --- any split, any alternatives --------------------------------------------------------------------------------------
MENUS = st.sampled_from([THREE_WAY, FIVE_GRADES])
OUTCOMES = {"model_a", "model_b", "tie", "both_bad"}
ALTERNATIVES = st.one_of(
    st.text(max_size=4),
    st.sampled_from(["A", "B", " B", "a", "[[", "[", "]]", "[[B]]", "TIE", "T", "B]", "A>", ">>", ">", "=", "BOTH", "OTH", ""]),
)  # fmt: skip


@st.composite
def streams(draw, menu: Menu):
    """A legal reply, cut into tokens anywhere, with anything as alternatives."""
    text = draw(st.sampled_from(["", "Because.\n\n", "x\n**", "x\nFinal verdict: "])) + draw(
        st.sampled_from(list(menu.tokens))
    )
    cuts = draw(st.sets(st.integers(1, len(text) - 1)))
    tokens = []
    for begin, end in pairwise([0, *sorted(cuts), len(text)]):
        chances = draw(st.dictionaries(ALTERNATIVES, st.floats(-20, 0), max_size=5))
        tokens.append((text[begin:end], chances | {text[begin:end]: draw(st.floats(-20, 0))}))
    return text, tokens


@given(st.data(), MENUS, st.sampled_from([0, 1]))
def test_chances_add_up_to_one_and_are_of_legal_outcomes_whatever_was_offered(data, menu, first):
    text, tokens = data.draw(streams(menu))
    chances = verdict_chances(text, tokens, menu, first=first)
    if chances is not None:
        assert set(chances) <= OUTCOMES
        assert pytest.approx(1) == sum(chances.values())
        assert all(0 <= chance <= 1 + 1e-9 for chance in chances.values())


@given(st.data(), MENUS)
def test_who_is_shown_first_turns_the_sides_and_nothing_else(data, menu):
    text, tokens = data.draw(streams(menu))
    one, other = (verdict_chances(text, tokens, menu, first=first) for first in (0, 1))
    turned = {"model_a": "model_b", "model_b": "model_a"}
    assert one == (other and {turned.get(outcome, outcome): chance for outcome, chance in other.items()})


@given(st.data(), MENUS)
def test_without_alternatives_what_was_said_is_certain_however_it_is_split(data, menu):
    text, tokens = data.draw(streams(menu))
    chances = verdict_chances(
        text, [(written, {written: chances[written]}) for written, chances in tokens], menu, first=0
    )
    assert chances is not None
    assert [pytest.approx(1.0)] == list(chances.values())


# --- scores -----------------------------------------------------------------------------------------------------------
def scored(*tokens):
    return score_chances(written(*tokens), tokens, SCORES)


def test_a_number_that_is_one_token_tells_the_score_to_be_expected():
    chances = scored(
        token("[["), offered("80", {"80": 0.5, "90": 0.25, "70": 0.125, "8": 0.125, "x": 0.3}), token("]]")
    )

    assert pytest.approx({"80": 0.5, "90": 0.25, "70": 0.125, "8": 0.125}) == chances
    # 40 + 22.5 + 8.75 + 1
    assert pytest.approx(72.25) == expected_score(chances)


def test_a_number_of_several_tokens_or_of_one_digit_among_single_digits_tells_nothing():
    assert scored(token("[["), offered("8", {"8": 0.6, "9": 0.4}), token("0"), token("]]")) is None
    assert scored(token("[["), offered("8", {"8": 0.6, "9": 0.4}), token("]]")) is None
    assert scored(token("[["), offered("8", {"8": 0.6, "10": 0.4}), token("]]")) is not None


def test_scores_off_the_scale_are_left_out():
    chances = scored(token("[["), offered("99", {"99": 0.5, "101": 0.3, "0": 0.1, "100": 0.1}), token("]]"))

    assert pytest.approx({"99": 5 / 6, "100": 1 / 6}) == chances


@given(st.integers(1, 100), st.dictionaries(st.integers(-5, 300).map(str) | st.text(max_size=3), st.floats(-20, 0)))
def test_chances_of_scores_add_up_to_one_and_their_mean_is_on_the_scale(score, beside):
    tokens = [token("Fine.\n"), token("[["), (str(score), {**beside, str(score): -0.5}), token("]]")]
    chances = score_chances(written(*tokens), tokens, SCORES)
    if chances is not None:
        assert set(chances) <= {str(legal) for legal in range(1, 101)}
        assert pytest.approx(1) == sum(chances.values())
        assert 1 - 1e-9 <= expected_score(chances) <= 100 + 1e-9
