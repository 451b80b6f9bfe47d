from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.arena.pairing.tournament import pairs_for_prompts

contenders, prompts, seeds = st.integers(2, 13), st.integers(0, 40), st.integers(0, 99)


def test_round_robin_is_every_pair_on_every_prompt():
    rows = pairs_for_prompts(4, 3, None, seed=1).tolist()
    assert [[prompt, i, j] for prompt in range(3) for i, j in combinations(range(4), 2)] == rows


@given(contenders, prompts, st.integers(1, 20), seeds)
def test_pairs_are_distinct_ordered_and_as_many_as_asked(size, count, a_prompt, seed):
    rows = pairs_for_prompts(size, count, a_prompt, seed=seed)
    assert np.int32 == rows.dtype
    assert (rows[:, 1] < rows[:, 2]).all()
    assert len(rows) == len({tuple(row) for row in rows.tolist()})
    assert [min(a_prompt, size * (size - 1) // 2)] * count == np.bincount(rows[:, 0], minlength=count).tolist()


@given(contenders, prompts, st.integers(1, 20), seeds)
def test_every_pair_and_every_contender_plays_equally_often_give_or_take_one(size, count, a_prompt, seed):
    rows = pairs_for_prompts(size, count, a_prompt, seed=seed)
    met = dict.fromkeys(combinations(range(size), 2), 0)
    for _, i, j in rows.tolist():
        met[i, j] += 1
    played = np.bincount(rows[:, 1:].ravel(), minlength=size)
    assert max(met.values()) - min(met.values()) <= 1
    assert played.max() - played.min() <= 1


@given(contenders, prompts, st.integers(1, 20), seeds, st.data())
def test_a_newcomer_meets_everyone_equally_often_and_nobody_else_plays(size, count, a_prompt, seed, data):
    newcomer = data.draw(st.integers(0, size - 1))
    rows = pairs_for_prompts(size, count, a_prompt, newcomer=newcomer, seed=seed)
    assert ((rows[:, 1] == newcomer) | (rows[:, 2] == newcomer)).all()
    assert (rows[:, 1] < rows[:, 2]).all()
    others = np.delete(np.bincount(rows[:, 1:].ravel(), minlength=size), newcomer)
    assert others.max() - others.min() <= 1
    assert count * min(a_prompt, size - 1) == len(rows)


def test_a_newcomer_in_a_round_robin_meets_everyone_on_every_prompt():
    rows = pairs_for_prompts(3, 2, None, newcomer=1, seed=1)
    assert [[0, 0, 1], [0, 1, 2], [1, 0, 1], [1, 1, 2]] == rows.tolist()


def test_a_seed_decides_and_another_seed_decides_otherwise():
    one, again, other = (pairs_for_prompts(8, 20, 3, seed=seed).tolist() for seed in (5, 5, 6))
    assert one == again
    assert one != other


@pytest.mark.parametrize("size", [0, 1])
def test_nobody_to_meet_makes_no_pairs(size):
    assert (0, 3) == pairs_for_prompts(size, 5, 2, seed=1).shape


@pytest.mark.parametrize("newcomer", [-1, 3])
def test_a_newcomer_from_elsewhere_is_refused(newcomer):
    with pytest.raises(ValueError, match="is not one of the 3 contenders"):
        pairs_for_prompts(3, 5, 2, newcomer=newcomer, seed=1)


def test_less_than_one_pair_a_prompt_is_refused():
    with pytest.raises(ValueError, match="at least one pair a prompt, found 0"):
        pairs_for_prompts(3, 5, 0, seed=1)


def test_prompts_that_stand_together_do_not_take_turns_with_the_same_pairs():
    # 28 pairs dealt 4 a prompt come round every 7 prompts; in the order of prompts, 0 and 7 would always share theirs
    rows = pairs_for_prompts(8, 21, 4, seed=1)
    dealt = [{(i, j) for prompt, i, j in rows.tolist() if prompt == number} for number in range(21)]
    assert any(dealt[number] != dealt[number + 7] for number in range(14))
