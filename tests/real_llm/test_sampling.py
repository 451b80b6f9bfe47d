import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.real_llm.sampling import draw, held_to

LOGITS = np.log([0.1, 0.6, 0.3])


def often(draws=2000, **settings):
    rng = np.random.default_rng(1)
    drawn = [draw(LOGITS, rng=rng, **settings) for _ in range(draws)]
    return np.bincount(drawn, minlength=3) / draws


def test_temperature_0_takes_the_likeliest():
    assert 1 == draw(LOGITS, temperature=0, top_p=1, rng=np.random.default_rng(1))


def test_at_temperature_1_tokens_come_as_often_as_they_are_likely():
    # 2000 draws: standard deviation at most sqrt(.25 / 2000) = .011.
    assert [0.1, 0.6, 0.3] == pytest.approx(often(temperature=1, top_p=1), abs=0.045)


def test_a_low_temperature_sharpens():
    # Squared: .01, .36, .09 of .46.
    assert [0.01 / 0.46, 0.36 / 0.46, 0.09 / 0.46] == pytest.approx(often(temperature=0.5, top_p=1), abs=0.045)


def test_top_p_keeps_the_fewest_likeliest_tokens_that_reach_it():
    # .6 alone is short of .7, with .3 it is beyond: the token of .1 goes, the others share what is left.
    assert [0, 2 / 3, 1 / 3] == pytest.approx(often(temperature=1, top_p=0.7), abs=0.045)
    assert [0, 1, 0] == often(temperature=1, top_p=0).tolist()


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=40), st.floats(0, 2), st.floats(0, 1), st.integers(0, 9))
def test_the_same_seed_draws_the_same_token_and_always_one_there_is(logits, temperature, top_p, seed):
    first, second = (
        draw(np.array(logits), temperature=temperature, top_p=top_p, rng=np.random.default_rng(seed)) for _ in range(2)
    )

    assert first == second
    assert first in range(len(logits))


def test_a_menu_leaves_only_what_leads_to_one_of_its_dishes():
    menu = [[0, 1], [0, 2, 2], [1]]

    assert [True, True, False] == np.isfinite(held_to(LOGITS, menu, said=[])).tolist()
    assert [False, True, True] == np.isfinite(held_to(LOGITS, menu, said=[0])).tolist()
    assert [False, False, True] == np.isfinite(held_to(LOGITS, menu, said=[0, 2])).tolist()
    # Among what is left, the model's own preference decides.
    assert 1 == draw(held_to(LOGITS, menu, said=[0]), temperature=0, top_p=1, rng=np.random.default_rng(1))
