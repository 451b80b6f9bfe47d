"""What one prompt tells of the contenders."""

from dataclasses import replace

import numpy as np
import pytest

from judgeboard.arena.items import item, items
from judgeboard.arena.rating.scale import ELO
from judgeboard.arena.verdicts import Verdicts

EVEN_ODDS, THREE_TO_ONE = 0.0, ELO * np.log(3)  # Elo points apart


def said(*outcomes: int, matches=None, sides=(0, 1)) -> Verdicts:
    """One verdict a match on one prompt, of contender 0 against 1: 0 = it wins, 1 = the other, 2 = tie, 3 = both bad."""
    n = len(outcomes)
    columns = {name: np.zeros(n, np.int32) for name in ("prompt", "rater")}
    a, b = (np.full(n, side, np.int32) for side in sides)
    match = np.arange(n, dtype=np.int32) if matches is None else np.array(matches, np.int32)
    first = np.zeros(n, np.int8)
    return Verdicts(
        ("Alder", "Birch"), a=a, b=b, outcome=np.array(outcomes, np.int8), first=first, match=match, **columns
    )


def rated(gap: float) -> np.ndarray:
    return np.array([1000 + gap, 1000.0])


def test_a_prompt_that_tells_contenders_apart_as_the_ratings_do_has_discrimination_1():
    found = item(said(0, 0, 0, 1), rated(THREE_TO_ONE))

    assert (0.75, pytest.approx(0.75), pytest.approx(1)) == (found.stronger.share, found.expected, found.discrimination)
    assert found.lower < 1 < found.upper


def test_a_coin_has_discrimination_0_and_the_wrong_way_round_is_below():
    assert 0 == item(said(0, 1, 2, 2), rated(THREE_TO_ONE)).discrimination
    assert -1 == pytest.approx(item(said(0, 1, 1, 1), rated(THREE_TO_ONE)).discrimination)


def test_sides_do_not_matter():
    turned = item(said(1, 1, 1, 0, sides=(1, 0)), rated(THREE_TO_ONE))

    assert 1 == pytest.approx(turned.discrimination)


def test_difficulty_is_the_share_that_found_no_answer_better_and_both_bad_is_told_too():
    found = item(said(0, 2, 3, 3), rated(100))

    assert (0.75, 0.5) == (found.undecided.share, found.bad.share)


def test_verdicts_on_one_match_move_together():
    apart = item(said(0, 0, 1, 0), rated(THREE_TO_ONE))
    together = item(said(0, 0, 1, 0, matches=(0, 0, 1, 1)), rated(THREE_TO_ONE))

    assert apart.discrimination == together.discrimination
    assert 1 == item(said(0, 0, 0, 1, matches=(0, 0, 0, 0)), rated(THREE_TO_ONE)).discrimination == pytest.approx(1)
    assert item(said(0, 0, 0, 1, matches=(0, 0, 0, 0)), rated(THREE_TO_ONE)).lower is None


@pytest.mark.parametrize("rating", [rated(EVEN_ODDS), np.array([np.nan, 1000.0])])
def test_between_equals_or_unrated_contenders_there_is_nothing_to_discriminate(rating):
    found = item(said(0, 1), rating)

    assert (None, None, 0) == (found.discrimination, found.expected, found.stronger.n)
    assert 2 == found.undecided.n


def test_without_verdicts_nothing_is_measured():
    found = item(said(), rated(100))

    assert (None, None, None) == (found.undecided.share, found.stronger.share, found.discrimination)


def test_each_prompt_is_told_by_its_own_verdicts_alone():
    verdicts = replace(said(0, 2, 0, 1, 0, 2), prompt=np.array([7, 3, 7, 3, 7, 3], np.int32))

    told = dict(items(verdicts, rated(THREE_TO_ONE)))

    assert [3, 7] == list(told)
    assert item(said(2, 1, 2, matches=[1, 3, 5]), rated(THREE_TO_ONE)) == told[3]
    assert (0, 1) == (told[7].undecided.share, told[7].stronger.share)


def test_without_verdicts_no_prompt_tells_anything():
    assert [] == list(items(said(), rated(0)))
