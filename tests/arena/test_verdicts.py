from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.arena.outcome import UnknownOutcome
from judgeboard.arena.verdicts import (
    BadVerdict,
    MatchesDiffer,
    MissingName,
    SelfMatch,
    UnknownContender,
    Verdicts,
    meetings,
)
from tests.arena.boards import board, boards

IDENTITIES = ("prompt", "rater", "first", "match")
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


def test_columns_without_identities_are_rows_that_have_nothing_in_common_but_the_rater():
    verdicts = Verdicts.from_columns(["ant", "cat", "ant"], ["bee", "ant", "bee"], ["model_a", "TIE", "bothbad"])
    assert ("ant", "bee", "cat") == verdicts.names
    assert ([0, 2, 0], [1, 0, 1], [0, 2, 3]) == (
        verdicts.a.tolist(),
        verdicts.b.tolist(),
        verdicts.outcome.tolist(),
    )
    assert ([0, 1, 2], [0, 1, 2]) == (verdicts.prompt.tolist(), verdicts.match.tolist())
    assert ([0, 0, 0], [-1, -1, -1]) == (verdicts.rater.tolist(), verdicts.first.tolist())


@pytest.mark.parametrize("kind", [list, tuple, np.array, lambda column: np.array(column, dtype=object)])
def test_columns_of_any_kind_are_read_alike(kind):
    columns = (["ant", "cat"], ["bee", "ant"], ["model_a", "tie"])
    identities = dict(zip(IDENTITIES, ([7, 8], [1, 2], [0, 1], [70, 71]), strict=True))
    rows = list(zip(*columns, *identities.values(), strict=True))
    for names in (None, ["cat", "dog", "bee", "ant"]):
        expected = Verdicts.from_rows(rows, names)
        told = {name: kind(column) for name, column in identities.items()}
        found = Verdicts.from_columns(*map(kind, columns), names=None if names is None else kind(names), **told)
        assert expected.names == found.names
        assert {str} == set(map(type, found.names))
        for column in ("a", "b", "outcome", *IDENTITIES):
            assert getattr(expected, column).tolist() == getattr(found, column).tolist()
            assert getattr(expected, column).dtype == getattr(found, column).dtype


@pytest.mark.parametrize("kind", [np.uint8, np.int64, np.uint64, bool])
def test_whole_numbers_of_any_size_are_identities(kind):
    found = Verdicts.from_columns(["ant", "ant"], ["bee", "bee"], ["a", "b"], match=np.array([1, 0], dtype=kind))
    assert ([1, 0], np.int32) == (found.match.tolist(), found.match.dtype)


def test_no_columns_are_no_verdicts():
    found = Verdicts.from_columns([], [], [], prompt=np.array([]), match=[])
    assert (0, ()) == (len(found), found.names)
    assert ("ant", "bee") == Verdicts.from_columns([], [], [], names=["ant", "bee"]).names


@pytest.mark.parametrize("name", IDENTITIES)
@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        (["one", 1], "Row 1: {} is 'one'; expected a whole number from -"),
        ([1, None], "Row 2: {} is None; expected"),
        (np.array([1, None], dtype=object), "Row 2: {} is None; expected"),
        (np.array([0.0, np.nan]), "Row 1: {} is .*0\\.0.*; expected"),
        ([1, 2**40], "Row 2: {} is 1099511627776; expected"),
        (np.array([2**63, 1], dtype=np.uint64), "Row 1: {} is .*9223372036854775808.*; expected"),
        (np.array([1, -(2**31) - 1], dtype=object), "Row 2: {} is -2147483649; expected"),
        ([0], "different lengths: .*'a': 2.*'{}': 1"),
        ([0, 0, 0], "different lengths: .*'a': 2.*'{}': 3"),
    ],
)
def test_identities_that_are_not_whole_numbers_by_row_are_refused(name, column, sentence):
    with pytest.raises(BadVerdict, match=sentence.format(name)):
        Verdicts.from_columns(["ant", "bee"], ["bee", "ant"], ["tie", "tie"], **{name: column})


@pytest.mark.parametrize(
    ("a", "b", "outcome", "error", "sentence"),
    [
        (["ant"], ["bee", "ant"], ["a", "a"], BadVerdict, "different lengths: {'a': 1, 'b': 2, 'outcome': 2"),
        (["ant", "bee"], ["bee", "ant"], ["a"], BadVerdict, "different lengths: {'a': 2, 'b': 2, 'outcome': 1"),
        (["ant", "bee"], ["bee", "bee"], ["a", "a"], SelfMatch, "Row 2: 'bee' meets itself"),
        (["ant", "bee"], ["bee", float("nan")], ["a", "a"], MissingName, "Row 2: a side has no name"),
        (["ant", ["bee"]], ["bee", "ant"], ["a", "a"], MissingName, "Row 2: a side has no name"),
        (["ant", "bee"], ["bee", "ant"], ["a", None], UnknownOutcome, "Row 2: Unknown outcome None"),
        (["ant", "bee"], ["bee", "ant"], ["a", ["b"]], UnknownOutcome, "Row 2: Unknown outcome \\['b'\\]"),
        (["ant", "bee"], ["bee", "ant"], np.array([0, 1]), UnknownOutcome, "Row 1: Unknown outcome"),
    ],
)
def test_bad_columns_are_refused_by_row(a, b, outcome, error, sentence):
    with pytest.raises(error, match=sentence):
        Verdicts.from_columns(a, b, outcome)


def test_columns_of_numpy_strings_are_refused_in_plain_words():
    names, words = np.array(["ant", "bee"]), np.array(["tie", "tie"])
    with pytest.raises(SelfMatch, match="Row 2: 'bee' meets itself"):
        Verdicts.from_columns(names, np.array(["bee", "bee"]), words)


@given(boards())
def test_columns_are_numbered_as_their_rows_would_be(verdicts):
    words = np.array(["model_a", "model_b", "tie", "both_bad"])[verdicts.outcome].tolist()
    a, b = ([verdicts.names[side] for side in sides] for sides in (verdicts.a, verdicts.b))
    found = Verdicts.from_columns(a, b, words, prompt=verdicts.prompt)
    in_order = [name for pair in zip(a, b, strict=True) for name in pair]
    assert tuple(dict.fromkeys(in_order)) == found.names
    assert (a, b) == tuple([found.names[side] for side in sides] for sides in (found.a, found.b))
    named = Verdicts.from_columns(a, b, words, prompt=verdicts.prompt, names=verdicts.names)
    for column in ("a", "b", "outcome", "prompt", "match"):
        assert getattr(verdicts, column).tolist() == getattr(named, column).tolist()


def test_meetings_are_different_pairs_of_prompt_and_opponent():
    verdicts = board("a>b", "b>a", "a>b", "a>c", "a>c", prompts=[1, 1, 2, 1, 1], names=[*"abcd"])
    # a met b on prompts 1 and 2, and c on prompt 1
    assert [3, 2, 1, 0] == meetings(verdicts, np.ones(4, dtype=bool)).tolist()
    assert [0, 2, 0, 0] == meetings(verdicts, np.array([False, True, False, True])).tolist()
    assert [0, 0, 0, 0] == meetings(verdicts, np.zeros(4, dtype=bool)).tolist()


@given(boards(), st.sets(st.integers(0, 5)), st.sampled_from([0, -3, 2**31 - 6, -(2**31)]))
def test_meetings_are_counted_as_one_by_one_whatever_the_prompts_are_called(verdicts, chosen, shift):
    verdicts = replace(verdicts, prompt=(verdicts.prompt.astype(np.int64) + shift).astype(np.int32))
    asked = np.isin(np.arange(len(verdicts.names)), list(chosen))
    met = [set() for _ in verdicts.names]
    for a, b, prompt in zip(verdicts.a.tolist(), verdicts.b.tolist(), verdicts.prompt.tolist(), strict=True):
        met[a].add((prompt, b))
        met[b].add((prompt, a))
    expected = [len(pairs) if one else 0 for pairs, one in zip(met, asked, strict=True)]
    assert expected == meetings(verdicts, asked).tolist()
