"""Looking, stopping and drawing: what a run that chooses its matches does between two batches."""

import numpy as np
import pytest

from judgeboard.arena.pairing.looks import Aim, batch, drawn, seen
from judgeboard.arena.pairing.meetings import Meetings
from judgeboard.arena.verdicts import Verdicts

PRECISE, ORDERLY = Aim("equal_width", half_width=40.0), Aim("gap_optimal", order=True)


def unplayed(prompts: int = 60, size: int = 3) -> Meetings:
    free = np.broadcast_to(~np.eye(size, dtype=bool), (prompts, size, size)).copy()
    return Meetings(free, np.zeros((prompts, size), dtype=np.int64))


def said(each: int, *, win: tuple[float, ...] = (0.75, 0.9, 0.7), size: int = 3, one_order: bool = False) -> Verdicts:
    """So many matches of each pair (0, 1), (0, 2), (1, 2), each on a prompt of its own; `win` by the first of a pair."""
    pairs = np.repeat(np.column_stack(np.triu_indices(3, 1)), each, axis=0)
    number = np.tile(np.arange(each), 3)
    lost = number >= np.repeat(np.array(win) * each, each)
    first = np.zeros(len(pairs)) if one_order else number % 2
    columns = {
        "a": pairs[:, 0],
        "b": pairs[:, 1],
        "prompt": number,
        "rater": 0 * number,
        "match": np.arange(len(pairs)),
    }
    return Verdicts(
        names=tuple("abcdef"[:size]),
        outcome=lost.astype(np.int8),
        first=first.astype(np.int8),
        **{name: column.astype(np.int32) for name, column in columns.items()},
    )


def test_with_no_verdict_it_goes_on_and_nothing_is_known():
    look = seen(said(0), PRECISE, unplayed())
    assert (None, None, None) == (look.reason, look.half_width, look.needed)


def test_a_contender_of_few_matches_keeps_every_limit_out_of_reach():
    wide = Aim("equal_width", half_width=1000.0)
    # 19 matches of each pair are 38 of a contender, 20 are 40
    assert [None, "half_width"] == [seen(said(n), wide, unplayed()).reason for n in (19, 20)]
    assert seen(said(19), wide, unplayed()).half_width is None
    assert [None, "order"] == [seen(said(n), ORDERLY, unplayed()).reason for n in (19, 400)]


def test_it_stops_at_the_half_width_and_says_before_what_it_takes():
    look = seen(said(60), PRECISE, unplayed())
    assert look.reason is None
    assert look.half_width > 40
    # errors shrink with the root of the verdicts: 180 so far
    assert int(np.ceil(180 * ((look.half_width / 40) ** 2 - 1))) == look.needed
    assert "half_width" == seen(said(400), PRECISE, unplayed()).reason


def test_calls_that_are_used_up_end_it_though_not_before_what_was_asked_for_is_reached():
    assert "calls" == seen(said(60), PRECISE, unplayed(), left=0).reason
    assert "half_width" == seen(said(400), PRECISE, unplayed(), left=0).reason
    assert seen(said(60), Aim("uniform"), unplayed(), left=1).reason is None


def test_where_nobody_can_meet_there_is_nothing_left_to_ask():
    empty = unplayed(0)
    assert "nothing" == seen(said(60), PRECISE, empty).reason


def test_contenders_that_can_meet_nobody_keep_no_run_going():
    alone = unplayed(size=4)
    alone.free[:, 3] = alone.free[:, :, 3] = False
    # the fourth was never judged and cannot be; the others are known well enough at 400
    reasons = [seen(said(each, size=4), PRECISE, alone).reason for each in (60, 400)]
    assert [None, "nothing"] == reasons
    assert "nothing" == seen(said(400, size=4), ORDERLY, alone).reason


def test_a_newcomer_alone_is_asked_about():
    verdicts = said(400)
    few = verdicts.where(~((verdicts.a == 0) & (verdicts.b == 1)) | (verdicts.match < 5))
    few = few.where((few.a != 0) | (few.match < 800) & (few.match % 40 == 0))
    look = seen(few, PRECISE, unplayed())
    assert (None, None) == (look.reason, look.half_width)  # the first has 25 matches
    assert "half_width" == seen(few, Aim("equal_width", 150.0, newcomer=2), unplayed()).reason
    assert seen(few, Aim("equal_width", 150.0, newcomer=0), unplayed()).reason is None


def test_who_looks_often_at_the_order_asks_for_more_certainty():
    close = said(100, win=(0.62, 0.62, 0.5))
    lead = said(130, win=(0.64, 0.76, 0.64))
    assert seen(close, ORDERLY, unplayed()).unresolved > 0
    told = [seen(lead, ORDERLY, unplayed(), looks=looks).unresolved for looks in (1, 20, 10**6)]
    assert told == sorted(told)
    assert told[0] == told[1] < told[2]


def test_a_first_batch_gives_everybody_matches_enough_to_be_trusted():
    look = seen(said(0), PRECISE, unplayed())
    # 40 matches a contender, and a quarter more: 3 x 50 / 2
    assert 75 == batch(look, 0)
    assert 50 == batch(look, 0, newcomer=True)


@pytest.mark.parametrize(("each", "raters"), [(60, 1), (60, 2), (400, 1), (2000, 1)])
def test_a_batch_is_what_seems_needed_but_half_of_what_there_is_at_most(each, raters):
    look = seen(said(each), Aim("equal_width", half_width=10.0), unplayed(), raters=raters)
    made = 3 * each / raters
    assert 0.1 * made <= batch(look, 3 * each, raters=raters) <= max(75, 0.5 * made)


def test_two_raters_count_a_match_once():
    verdicts = said(40)
    alone, both = (seen(verdicts, PRECISE, unplayed(), raters=raters).known for raters in (1, 2))
    assert (alone.judged / 2 == both.judged).all()


def test_a_verdict_whose_order_is_not_known_is_half_a_verdict_either_way():
    verdicts = said(40)
    verdicts.first[:] = -1
    known = seen(verdicts, PRECISE, unplayed()).known
    assert [[0, 20, 20], [20, 0, 20], [20, 20, 0]] == known.shown.tolist()


def test_matches_are_drawn_among_those_that_can_still_be_and_orders_are_made_good():
    meetings = unplayed()
    meetings.free[:, 0, 1] = meetings.free[:, 1, 0] = False
    verdicts = said(10, one_order=True)
    chosen = drawn(seen(verdicts, PRECISE, meetings), PRECISE, meetings, 60, seed=3)
    assert {(0, 2), (1, 2)} == set(map(tuple, chosen.pairs.tolist()))
    assert len(chosen.pairs) == len(set(zip(chosen.prompt.tolist(), *chosen.pairs.T.tolist(), strict=True)))
    for pair in ((0, 2), (1, 2)):
        first = chosen.first[(chosen.pairs == pair).all(axis=1)]
        # the first of the pair was shown first 10 times: the second has 10 turns to catch up, then they take turns
        assert abs(10 + np.count_nonzero(first == 0) - np.count_nonzero(first == 1)) <= max(1, 10 - sum(first != -1))


def test_pairs_that_are_drawn_oftener_than_they_can_meet_meet_as_often_as_they_can():
    meetings = unplayed(prompts=4)
    chosen = drawn(seen(said(0), PRECISE, meetings), PRECISE, meetings, 100, seed=3)
    assert 3 * 4 == len(chosen.pairs)
