from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from judgeboard.arena.outcome import UnknownOutcome
from judgeboard.arena.verdicts import (
    BadVerdict,
    MatchesDiffer,
    MissingName,
    SelfMatch,
    UnknownContender,
    Verdicts,
)
from tests.arena.boards import board, boards

GOOD = ("ant", "bee", "model_a", 7, 1, 0, 70)


def with_bad(**changed) -> list[tuple]:
    keys = ("name_a", "name_b", "outcome", "prompt", "rater", "first", "match")
    return [GOOD, tuple((dict(zip(keys, GOOD, strict=True)) | changed).values())]


def test_rows_become_arrays_and_names_are_numbered_as_they_appear():
    verdicts = Verdicts.from_rows([GOOD, ("cat", "ant", "tie", 8, 2, 1, 71)])
    assert ("ant", "bee", "cat") == verdicts.names
    assert [0, 2] == verdicts.a.tolist()
    assert [1, 0] == verdicts.b.tolist()
    assert [0, 2] == verdicts.outcome.tolist()
    assert [7, 8] == verdicts.prompt.tolist()
    assert [1, 2] == verdicts.rater.tolist()
    assert [0, 1] == verdicts.first.tolist()
    assert [70, 71] == verdicts.match.tolist()
    assert (np.int32, np.int8) == (verdicts.a.dtype, verdicts.outcome.dtype)


def test_given_names_keep_their_order_and_need_not_all_play():
    verdicts = Verdicts.from_rows([GOOD], ["cat", "bee", "ant"])
    assert ("cat", "bee", "ant") == verdicts.names
    assert (2, 1) == (verdicts.a[0], verdicts.b[0])


def test_no_rows_are_no_verdicts():
    assert 0 == len(Verdicts.from_rows([]))


@pytest.mark.parametrize(
    ("rows", "error", "sentence"),
    [
        (with_bad(name_b="ant"), SelfMatch, "Row 2: 'ant' meets itself"),
        (with_bad(outcome="draw?"), UnknownOutcome, "Row 2: Unknown outcome 'draw\\?'"),
        (with_bad(name_a=""), MissingName, "Row 2: a side has no name"),
        (with_bad(name_a="", name_b=""), MissingName, "Row 2: a side has no name"),
        (with_bad(name_b="  "), MissingName, "Row 2: a side has no name"),
        (with_bad(name_b=None), MissingName, "Row 2: a side has no name"),
        (with_bad(first=2), BadVerdict, "Row 2: first is neither"),
        (with_bad(prompt="seven"), BadVerdict, "Row 2: prompt is 'seven'; expected a whole number"),
        (with_bad(match=2**31), BadVerdict, "Row 2: match is 2147483648; expected .* to 2147483647"),
        (with_bad(rater=float("nan")), BadVerdict, "Row 2: rater is nan; expected a whole number"),
        ([GOOD, GOOD[:5]], BadVerdict, "Row 2 has 5 fields; expected 7"),
    ],
)
def test_a_bad_row_is_refused_by_name_and_number(rows, error, sentence):
    with pytest.raises(error, match=sentence):
        Verdicts.from_rows(rows)


def test_a_name_outside_the_given_ones_is_refused():
    with pytest.raises(UnknownContender, match="Row 1: 'bee' is not among the 1 contenders"):
        Verdicts.from_rows([GOOD], ["ant"])


def test_a_contender_listed_twice_is_refused():
    with pytest.raises(BadVerdict, match="holds a name twice"):
        Verdicts.from_rows([GOOD], ["ant", "bee", "ant"])


@pytest.mark.parametrize(
    ("column", "value", "error", "sentence"),
    [
        ("a", [0, 1], SelfMatch, "Row 2: 'b' meets itself"),
        ("a", [0, 9], UnknownContender, "Row 2 names a contender outside the 2"),
        ("b", [1, -1], UnknownContender, "Row 2 names a contender outside the 2"),
        ("outcome", [0, 4], UnknownOutcome, "Row 2 has the outcome code 4"),
        ("prompt", [0], BadVerdict, "different lengths"),
    ],
)
def test_arrays_are_checked_like_rows(column, value, error, sentence):
    good = board("a>b", "a=b")
    with pytest.raises(error, match=sentence):
        replace(good, **{column: np.array(value)})


def test_where_keeps_the_contenders():
    verdicts = board("a>b", "b>c", "c>a")
    chosen = verdicts.where(verdicts.prompt != 1)
    assert ("a", "b", "c") == chosen.names
    assert [0, 2] == chosen.match.tolist()


@given(boards())
def test_telling_a_board_from_the_other_side_twice_changes_nothing(verdicts):
    every = np.ones(len(verdicts), dtype=bool)
    back = verdicts.flipped_where(every).flipped_where(every)
    for column in ("a", "b", "outcome", "first"):
        assert getattr(verdicts, column).tolist() == getattr(back, column).tolist()


def test_aligned_tells_each_match_from_the_sides_of_its_first_row():
    verdicts = Verdicts.from_rows([("a", "b", "model_a", 0, 1, 0, 5), ("b", "a", "model_a", 0, 2, 0, 5)])
    told = verdicts.aligned()
    assert [0, 0] == told.a.tolist()
    assert [0, 1] == told.outcome.tolist()
    assert [0, 1] == told.first.tolist()


def test_a_match_between_different_contenders_is_refused():
    verdicts = Verdicts.from_rows([("a", "b", "tie", 0, 1, 0, 5), ("a", "c", "tie", 0, 2, 0, 5)])
    with pytest.raises(MatchesDiffer, match="Match 5 is between 'a' and 'c' in one row and 'a' and 'b' in another"):
        verdicts.aligned()


def test_points_are_what_side_a_takes():
    assert [1.0, 0.5, 0.5, 0.0] == Verdicts.from_rows(
        [("a", "b", word, 0, 0, -1, 0) for word in ("model_a", "tie", "both_bad", "model_b")]
    ).points.tolist()
