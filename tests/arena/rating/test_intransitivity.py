from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.arena.rating.intransitivity import CyclicTriple, intransitivity
from judgeboard.arena.rating.triples import around_triples, spread_around_triples
from judgeboard.arena.tallies import Tallies
from judgeboard.arena.verdicts import Verdicts
from tests.arena.boards import board, boards
from tests.arena.rating.test_pair_fit import CYCLE, drawn_tallies, tallies
from tests.arena.reference_data import arena_tallies, needs_data


def test_a_round_of_three_is_one_cyclic_triple():
    found = intransitivity(tallies(CYCLE))
    assert (1, 1, 1.0) == (found.decided, found.cyclic, found.share)
    # the closest pair: (9 - 1) / sqrt(9 + 1)
    assert [CyclicTriple(("a", "b", "c"), pytest.approx(8 / 10**0.5))] == list(found.most_cyclic)


def test_equal_contenders_are_expected_to_make_a_quarter_of_cycles():
    found = intransitivity(tallies(CYCLE))
    # ten coins decide each pair unless 5 to 5, with a chance of 252/1024; of three decided pairs 2 of 8 ways go round
    decided = (1 - 252 / 1024) ** 3
    assert (decided, decided / 4) == pytest.approx((found.expected_decided, found.expected_cyclic))
    assert 0.25 == pytest.approx(found.expected_share)
    # one triple: a coin of chance p
    assert (decided / 4 * (1 - decided / 4)) ** 0.5 == pytest.approx(found.cyclic_spread)


def test_an_order_has_no_cycles():
    found = intransitivity(Tallies.of(board("a>b", "b>c", "a>c")))
    assert (1, 0, 0.0, ()) == (found.decided, found.cyclic, found.share, found.most_cyclic)


def test_a_tied_pair_leaves_its_triples_undecided():
    found = intransitivity(Tallies.of(board("a>b", "b>c", "a>c", "c>a", "a=c")))
    assert (0, 0, None) == (found.decided, found.cyclic, found.share)


def test_without_verdicts_nothing_is_decided_nor_expected_to_be():
    for names in ([], ["a"], ["a", "b", "c"]):
        found = intransitivity(Tallies.of(board(names=names)))
        assert (0, 0, None, None) == (found.decided, found.cyclic, found.share, found.expected_share)


def test_the_surest_cycles_come_first_and_only_so_many():
    # a > b > c > a by 9 to 1; with d for a, c > d only by 6 to 4
    wins = np.array([[0, 9, 1, 0], [1, 0, 9, 1], [9, 1, 0, 6], [0, 9, 4, 0]])
    found = intransitivity(tallies(wins), most=5).most_cyclic
    assert [("a", "b", "c"), ("b", "c", "d")] == [triple.names for triple in found]
    assert [8 / 10**0.5, 2 / 10**0.5] == pytest.approx([triple.certainty for triple in found])
    assert found[:1] == intransitivity(tallies(wins), most=1).most_cyclic


@st.composite
def chances(draw):
    """What a pair can come to: the row, the column, or neither."""
    size = draw(st.integers(3, 4))
    chance = np.zeros((size, size))
    for first, second in combinations(range(size), 2):
        cuts = sorted([draw(st.floats(0, 1)), draw(st.floats(0, 1))])
        chance[first, second], chance[second, first] = cuts[0], 1 - cuts[1]
    return chance


@given(chances())
def test_mean_and_spread_of_the_cycles_are_those_of_every_possible_board(chance):
    pairs = list(combinations(range(len(chance)), 2))
    mean = square = 0.0
    for ends in product((1, -1, 0), repeat=len(pairs)):
        likely, beats = 1.0, np.zeros_like(chance)
        for (first, second), end in zip(pairs, ends, strict=True):
            won, lost = chance[first, second], chance[second, first]
            likely *= won if end == 1 else lost if end == -1 else 1 - won - lost
            beats[first, second], beats[second, first] = end == 1, end == -1
        cycles = around_triples(beats)
        mean, square = mean + likely * cycles, square + likely * cycles**2
    assert mean == pytest.approx(around_triples(chance), abs=1e-9)
    assert square - mean**2 == pytest.approx(spread_around_triples(chance) ** 2, abs=1e-9)


@given(boards())
def test_triples_are_counted_as_one_by_one(verdicts):
    seen = Tallies.of(verdicts)
    beats = seen.wins > seen.wins.T
    triples = list(combinations(range(len(beats)), 3))
    decided = sum(all(beats[i, j] or beats[j, i] for i, j in combinations(triple, 2)) for triple in triples)
    rounds = [
        (i, j, k)
        for one, two, three in triples
        for i, j, k in ((one, two, three), (one, three, two))
        if beats[i, j] and beats[j, k] and beats[k, i]
    ]
    found = intransitivity(seen, most=1000)
    assert (decided, len(rounds)) == (found.decided, found.cyclic)
    assert set(rounds) == {tuple(map(seen.names.index, triple.names)) for triple in found.most_cyclic}


@given(boards())
def test_losing_instead_of_winning_leaves_as_many_cycles(verdicts):
    seen = Tallies.of(verdicts)
    before, after = intransitivity(seen), intransitivity(replace(seen, wins=seen.wins.T))
    assert (before.decided, before.cyclic) == (after.decided, after.cyclic)
    assert before.expected_cyclic == pytest.approx(after.expected_cyclic, abs=1e-6)
    assert before.cyclic_spread == pytest.approx(after.cyclic_spread, abs=1e-5)


@given(boards(), st.randoms(use_true_random=False))
def test_relabelling_contenders_changes_nothing(verdicts, random):
    order = list(range(len(verdicts.names)))
    random.shuffle(order)
    number = np.argsort(order)
    columns = (verdicts.outcome, verdicts.prompt, verdicts.rater, verdicts.first, verdicts.match)
    renamed = Verdicts(tuple(verdicts.names[k] for k in order), number[verdicts.a], number[verdicts.b], *columns)
    before, after = intransitivity(Tallies.of(verdicts)), intransitivity(Tallies.of(renamed))
    assert (before.decided, before.cyclic) == (after.decided, after.cyclic)
    assert before.expected_cyclic == pytest.approx(after.expected_cyclic, abs=1e-6)


@pytest.mark.parametrize(("verdicts", "ties"), [(2, 0.0), (10, 1.5), (10, 0.0)])
def test_boards_of_one_order_have_as_many_cycles_as_expected(verdicts, ties):
    """Drawn from an order: cycles are noise, and their number is within its spread on average."""
    rng = np.random.default_rng(11)
    found = [intransitivity(drawn_tallies(rng, contenders=12, verdicts=verdicts, ties=ties)) for _ in range(150)]
    beyond = np.array([board.cyclic - board.expected_cyclic for board in found])
    spread = np.array([board.cyclic_spread for board in found])
    assert 0 == pytest.approx(beyond.mean(), abs=0.25 * spread.mean())
    assert 1 == pytest.approx(np.std(beyond / spread), abs=0.2)


def test_cycles_beyond_noise_are_told():
    rng = np.random.default_rng(12)
    found = [intransitivity(drawn_tallies(rng, contenders=12, verdicts=40, cyclic=1.0)) for _ in range(20)]
    beyond = [(board.cyclic - board.expected_cyclic) / board.cyclic_spread for board in found]
    assert 2.5 < np.mean(beyond)


@needs_data
def test_the_human_arena_is_as_transitive_as_one_order_makes_it():
    """Measured here, for want of a published figure."""
    found = intransitivity(arena_tallies())
    assert (47_694, 848) == (found.decided, found.cyclic)
    assert 862.4 == pytest.approx(found.expected_cyclic, abs=1)
    assert ("command-r", "gemma-7b-it", "yi-34b-chat") == found.most_cyclic[0].names
