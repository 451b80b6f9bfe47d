"""On which prompts pairs meet: never twice on one, and evenly over them."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.arena.pairing.meetings import NOWHERE, Meetings, prompts_for


def unplayed(prompts: int, size: int) -> Meetings:
    free = np.broadcast_to(~np.eye(size, dtype=bool), (prompts, size, size)).copy()
    return Meetings(free, np.zeros((prompts, size), dtype=np.int64))


@st.composite
def tables(draw: st.DrawFn) -> tuple[np.ndarray, Meetings]:
    """Pairs, some often, and where they can still meet."""
    size, prompts = draw(st.integers(2, 6)), draw(st.integers(1, 7))
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    some = np.triu(rng.random((prompts, size, size)) < draw(st.floats(0, 1)), 1)
    every = np.column_stack(np.triu_indices(size, 1))
    pairs = every[rng.integers(len(every), size=draw(st.integers(0, 30)))]
    return pairs, Meetings(some | some.transpose(0, 2, 1), rng.integers(0, 4, (prompts, size)))


@given(tables(), st.integers(0, 9))
def test_a_pair_meets_where_it_can_and_only_once_on_a_prompt(table, seed):
    pairs, meetings = table
    prompt = prompts_for(pairs, meetings, seed=seed)
    met = [(g, i, j) for g, (i, j) in zip(prompt.tolist(), pairs.tolist(), strict=True) if g != NOWHERE]
    assert len(met) == len(set(met))
    assert all(meetings.free[where] for where in met)


@given(tables(), st.integers(0, 9))
def test_a_pair_meets_as_often_as_it_can(table, seed):
    pairs, meetings = table
    prompt = prompts_for(pairs, meetings, seed=seed)
    asked = Counter(map(tuple, pairs.tolist()))
    met = Counter(tuple(pair) for pair, g in zip(pairs.tolist(), prompt.tolist(), strict=True) if g != NOWHERE)
    assert {pair: min(n, meetings.left[pair]) for pair, n in asked.items()} == {pair: met[pair] for pair in asked}


@given(tables(), st.integers(0, 9))
def test_a_seed_decides_and_nothing_that_was_given_is_changed(table, seed):
    pairs, meetings = table
    free, played = meetings.free.copy(), meetings.played.copy()
    assert prompts_for(pairs, meetings, seed=seed).tolist() == prompts_for(pairs, meetings, seed=seed).tolist()
    assert (free == meetings.free).all()
    assert (played == meetings.played).all()


def test_another_seed_leads_to_other_prompts():
    pairs = np.array([[0, 1]] * 5)
    found = {tuple(prompts_for(pairs, unplayed(20, 2), seed=seed).tolist()) for seed in range(5)}
    assert 5 == len(found)


@pytest.mark.parametrize("size", [2, 3, 6])
def test_prompts_are_used_evenly(size):
    every = np.column_stack(np.triu_indices(size, 1))
    prompt = prompts_for(np.tile(every, (4, 1)), unplayed(40, size), seed=1)
    uses = np.bincount(prompt, minlength=40)
    assert np.ptp(uses) <= 1 + (size > 3)


def test_two_meet_where_they_have_played_least():
    meetings = unplayed(3, 3)
    meetings.played[:] = [[2, 0, 5], [0, 1, 5], [1, 1, 0]]
    # 2, 1 and 2 matches of the two; then the third prompt, on which all have played less.
    assert [1, 2, 0] == prompts_for(np.array([[0, 1]] * 3), meetings, seed=4).tolist()


def test_pairs_that_have_met_on_all_prompts_are_no_longer_among_them():
    meetings = unplayed(2, 3)
    meetings.free[:, 0, 2] = meetings.free[:, 2, 0] = False
    assert [[0, 1], [1, 2]] == meetings.among(np.array([[0, 1], [0, 2], [1, 2]])).tolist()
    assert [[0, 2, 0], [2, 0, 2], [0, 2, 0]] == meetings.left.tolist()
