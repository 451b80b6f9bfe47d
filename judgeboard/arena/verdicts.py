"""The evidence as parallel arrays: who met whom on which prompt, what was said, by whom, in which order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Self

import numpy as np

from judgeboard.arena.arrays import Flags, Floats, Integers
from judgeboard.arena.outcome import Outcome, UnknownOutcome, read_outcome

Row = tuple[str, str, str, int, int, int, int]
"""(name of side a, name of side b, outcome, prompt, rater, first, match)"""

FLIPPED_CODE = np.array([outcome.flipped().code for outcome in Outcome], dtype=np.int8)
A_WINS, B_WINS, TIE, BOTH_BAD = (outcome.code for outcome in Outcome)
_POINTS = np.array([1.0, 0.0, 0.5, 0.5])
_EXPECTED = "prompt, rater, first and match"
COLUMNS = {
    "a": np.int32,
    "b": np.int32,
    "outcome": np.int8,
    "prompt": np.int32,
    "rater": np.int32,
    "first": np.int8,
    "match": np.int32,
}


class BadVerdict(ValueError):
    """A row that cannot be evidence. The sentence names the row, what was found and what was expected."""


class SelfMatch(BadVerdict):
    """A contender that meets itself."""


class MissingName(BadVerdict):
    """A side without a name."""


class UnknownContender(BadVerdict):
    """A side that is not among the contenders of the board."""


class MatchesDiffer(BadVerdict):
    """Two verdicts on one match that are not about the same two contenders."""


@dataclass(frozen=True, eq=False)
class Verdicts:
    """n verdicts. Contenders are indexed once; all other identities are any integers, equal meaning the same.

    names:    contenders; the position is the index
    a, b:     int32[n], contender on side a and on side b
    outcome:  int8[n], codes of Outcome, told from side a
    prompt:   int32[n], the cluster that moves together in every interval
    rater:    int32[n], the judge or voter
    first:    int8[n], the side shown first: 0 = a, 1 = b, -1 = not known, or both orders merged
    match:    int32[n]

    Raises BadVerdict (or a kind of it) and UnknownOutcome, naming the first bad row, counted from 1.
    """

    names: tuple[str, ...]
    a: Integers
    b: Integers
    outcome: Integers
    prompt: Integers
    rater: Integers
    first: Integers
    match: Integers

    def __post_init__(self) -> None:
        lengths = {column: len(getattr(self, column)) for column in COLUMNS}
        if len(set(lengths.values())) > 1:
            raise BadVerdict(f"The columns have different lengths: {lengths}.")
        self._check_sides()
        self._check_codes()

    def __len__(self) -> int:
        return len(self.a)

    @classmethod
    def from_rows(cls, rows: Iterable[Row], names: Sequence[str] | None = None) -> Self:
        """Verdicts from rows with names. Without `names`, contenders are numbered as they appear.

        Raises MissingName, UnknownContender, SelfMatch, UnknownOutcome or BadVerdict with the number of the row.
        """
        index = {name: number for number, name in enumerate(names or ())}
        if names is not None and len(index) < len(names):
            raise BadVerdict("The list of contenders holds a name twice.")
        found = [_indexed(row, number, index, grow=names is None) for number, row in enumerate(rows, 1)]
        table = np.array(found, dtype=np.int64).reshape(-1, len(COLUMNS))
        columns = {column: table[:, k].astype(kind) for k, (column, kind) in enumerate(COLUMNS.items())}
        return cls(names=tuple(index), **columns)

    @property
    def points(self) -> Floats:
        """float64[n]: what side a takes of each verdict's one point; a tie, or both bad, is half a point."""
        points: Floats = _POINTS[self.outcome]
        return points

    def where(self, mask: Flags | Integers) -> Self:
        """The verdicts chosen by a mask or by row numbers, about the same contenders."""
        return replace(self, **{column: getattr(self, column)[mask] for column in COLUMNS})

    def flipped_where(self, mask: Flags) -> Self:
        """The same evidence, the chosen rows told with their sides exchanged."""
        return replace(
            self,
            a=np.where(mask, self.b, self.a),
            b=np.where(mask, self.a, self.b),
            outcome=np.where(mask, FLIPPED_CODE[self.outcome], self.outcome),
            first=np.where(mask & (self.first >= 0), 1 - self.first, self.first),
        )

    def aligned(self) -> Self:
        """Every match told from the sides of its first row. Raises MatchesDiffer."""
        _, start, group = np.unique(self.match, return_index=True, return_inverse=True)
        side_a, side_b = self.a[start][group], self.b[start][group]
        return self.told_from(side_a, side_b)

    def told_from(self, side_a: Integers, side_b: Integers) -> Self:
        """Each row told from the given sides (contender indices, one pair a row). Raises MatchesDiffer."""
        swapped = (self.a == side_b) & (self.b == side_a)
        if np.any(~swapped & ((self.a != side_a) | (self.b != side_b))):
            row = int(np.argmax(~swapped & ((self.a != side_a) | (self.b != side_b))))
            here = f"{self.names[self.a[row]]!r} and {self.names[self.b[row]]!r}"
            there = f"{self.names[side_a[row]]!r} and {self.names[side_b[row]]!r}"
            raise MatchesDiffer(f"Match {self.match[row]} is between {here} in one row and {there} in another.")
        return self.flipped_where(swapped)

    def _check_sides(self) -> None:
        size = len(self.names)
        outside = (self.a < 0) | (self.a >= size) | (self.b < 0) | (self.b >= size)
        if outside.any():
            raise UnknownContender(f"Row {_first_row(outside)} names a contender outside the {size} of the board.")
        if (same := self.a == self.b).any():
            name = self.names[self.a[np.argmax(same)]]
            raise SelfMatch(f"Row {_first_row(same)}: {name!r} meets itself; a match needs two different contenders.")

    def _check_codes(self) -> None:
        unknown = (self.outcome < 0) | (self.outcome > BOTH_BAD)
        if unknown.any():
            code = int(self.outcome[np.argmax(unknown)])
            raise UnknownOutcome(f"Row {_first_row(unknown)} has the outcome code {code}; expected 0, 1, 2 or 3.")
        if (wrong := (self.first < -1) | (self.first > 1)).any():
            raise BadVerdict(f"Row {_first_row(wrong)}: first is neither 0 (side a), 1 (side b) nor -1 (not known).")


def bad_as_tie(codes: Integers) -> Integers:
    """int[n] outcome codes for figures that know only better, worse and neither: both bad counts as a tie."""
    return np.where(codes == BOTH_BAD, TIE, codes)


def _first_row(mask: Flags) -> int:
    return int(np.argmax(mask)) + 1


def _indexed(row: Row, number: int, index: dict[str, int], *, grow: bool) -> tuple[int, ...]:
    if len(row) != len(COLUMNS):
        raise BadVerdict(
            f"Row {number} has {len(row)} fields; expected {len(COLUMNS)}: two names, outcome, {_EXPECTED}."
        )
    name_a, name_b, word, *identities = row
    try:
        outcome = read_outcome(word)
    except UnknownOutcome as problem:
        raise UnknownOutcome(f"Row {number}: {problem}") from None
    if name_a == name_b and name_a:
        raise SelfMatch(f"Row {number}: {name_a!r} meets itself; a match needs two different contenders.")
    sides = (_index_of(name, number, index, grow=grow) for name in (name_a, name_b))
    if not all(isinstance(value, Integral) and -(2**31) <= value < 2**31 for value in identities):
        raise BadVerdict(f"Row {number}: found {identities} where {_EXPECTED} are expected as 32-bit whole numbers.")
    return (*sides, outcome.code, *identities)


def _index_of(name: str, number: int, index: dict[str, int], *, grow: bool) -> int:
    if not isinstance(name, str) or not name.strip():
        raise MissingName(f"Row {number}: a side has no name; expected the name of a contender.")
    if name not in index:
        if not grow:
            raise UnknownContender(f"Row {number}: {name!r} is not among the {len(index)} contenders of the board.")
        index[name] = len(index)
    return index[name]
