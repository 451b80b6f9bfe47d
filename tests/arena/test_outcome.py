import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.arena.outcome import ACCEPTED_WORDS, Outcome, UnknownOutcome, read_outcome


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("model_a", Outcome.MODEL_A),
        ("model_1", Outcome.MODEL_A),
        ("leftvote", Outcome.MODEL_A),
        ("A", Outcome.MODEL_A),
        (" Left ", Outcome.MODEL_A),
        ("rightvote", Outcome.MODEL_B),
        ("tie", Outcome.TIE),
        ("tie (inconsistent)", Outcome.TIE),
        ("Tie  (Inconsistent)", Outcome.TIE),
        ("tie (bothbad)", Outcome.BOTH_BAD),
        ("bothbad_vote", Outcome.BOTH_BAD),
        (Outcome.BOTH_BAD, Outcome.BOTH_BAD),
    ],
)
def test_words_of_every_known_format_are_read(word, expected):
    assert expected is read_outcome(word)


@pytest.mark.parametrize("word", ["", "both", "model_c", "winner", "error", "0", None, float("nan"), 1])
def test_an_unknown_word_is_refused_with_the_words_that_would_do(word):
    with pytest.raises(UnknownOutcome, match="expected one of model_a, model_1") as refusal:
        read_outcome(word)
    assert repr(word) in str(refusal.value)


def test_no_accepted_word_means_two_outcomes():
    assert len(ACCEPTED_WORDS) == len(set(ACCEPTED_WORDS))


def test_codes_follow_the_order_of_the_outcomes():
    assert [0, 1, 2, 3] == [outcome.code for outcome in Outcome]


@given(st.sampled_from(Outcome))
def test_a_code_leads_back_to_its_outcome_and_two_flips_cancel(outcome):
    assert outcome is Outcome.from_code(outcome.code)
    assert outcome is outcome.flipped().flipped()


def test_a_flip_exchanges_the_sides_and_leaves_the_rest():
    expected = [Outcome.MODEL_B, Outcome.MODEL_A, Outcome.TIE, Outcome.BOTH_BAD]
    assert expected == [outcome.flipped() for outcome in Outcome]


@pytest.mark.parametrize("code", [-1, 4])
def test_an_unknown_code_is_refused(code):
    with pytest.raises(UnknownOutcome, match=f"code {code}"):
        Outcome.from_code(code)
