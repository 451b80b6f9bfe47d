"""How sure agreement will be with more votes: held against boards that have them."""

import numpy as np
import pytest

from judgeboard.arena.agreement.votes_needed import Known, votes_needed

VOTES_A_PROMPT = 6


def pairs_on(rng: np.random.Generator, prompts: int, share: float = 0.7):
    """Outcomes of judges and votes; on some prompts they agree more than on others."""
    easy = rng.beta(4 * share, 4 * (1 - share), prompts).repeat(VOTES_A_PROMPT)
    same = rng.random(len(easy)) < easy
    left = np.zeros(len(easy), dtype=np.int8)
    return left, np.where(same, 0, 1).astype(np.int8), np.arange(prompts).repeat(VOTES_A_PROMPT)


def known(rng: np.random.Generator, prompts: int) -> Known:
    pairs = pairs_on(rng, prompts)
    return votes_needed(pairs, pairs, n_votes=len(pairs[0])).judges


def test_the_half_width_foretold_for_four_times_the_votes_is_what_such_boards_have():
    rng = np.random.default_rng(1)
    small, large = ([known(rng, prompts) for _ in range(40)] for prompts in (100, 400))

    foretold = np.mean([one.half_width(4 * one.n_votes) for one in small])
    found = np.mean([one.half_width(one.n_votes) for one in large])

    assert found == pytest.approx(foretold, rel=0.05)


def test_with_the_votes_that_are_needed_the_interval_is_as_narrow_as_wished():
    one = known(np.random.default_rng(2), 50)

    assert 0.03 == pytest.approx(one.half_width(one.votes_for(0.03)))


def test_few_prompts_are_less_sure_than_their_variance_says():
    of_three = Known(0.7, 0.01, n_votes=30, n_prompts=3)

    assert 4.30 * 0.1 == pytest.approx(of_three.half_width(30), rel=0.01)  # Student's t of two degrees
    assert 1.96 * 0.1 / 10 == pytest.approx(of_three.half_width(3000), rel=0.01)


def test_the_difference_of_two_that_say_the_same_on_the_same_prompts_does_not_vary():
    pairs = pairs_on(np.random.default_rng(3), 30)

    found = votes_needed(pairs, pairs, n_votes=180)

    assert found.apart is None
    assert found.judges == found.people


def test_a_difference_is_told_from_nothing_with_enough_votes():
    rng = np.random.default_rng(4)
    judges, people = pairs_on(rng, 60, 0.75), pairs_on(rng, 60, 0.65)

    apart = votes_needed(judges, people, n_votes=360).apart

    assert apart.half_width(apart.votes_to_tell) == pytest.approx(abs(apart.value))
    assert apart.is_told is (apart.votes_to_tell < 360)


def test_without_pairs_or_with_one_prompt_nothing_is_known():
    nothing = tuple(np.zeros(0, dtype=np.int8) for _ in range(3))
    one_prompt = pairs_on(np.random.default_rng(5), 1)

    found = votes_needed(one_prompt, nothing, n_votes=6)

    assert (None, None, None) == (found.judges, found.people, found.apart)


def test_no_difference_takes_endless_votes():
    assert np.inf == Known(0.0, 0.01, 100, 20).votes_to_tell
