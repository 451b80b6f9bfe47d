"""The evidence as parallel arrays: who met whom on which prompt, what was said, by whom, in which order."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any, Self

import numpy as np

from judgeboard.arena.arrays import Flags, Floats, Integers
from judgeboard.arena.numbering import Numbers
from judgeboard.arena.outcome import Outcome, UnknownOutcome, read_outcome

Row = tuple[str, str, str, int, int, int, int]
"""(name of side a, name of side b, outcome, prompt, rater, first, match)"""

Identities = Collection[int] | Integers

FLIPPED_CODE = np.array([outcome.flipped().code for outcome in Outcome], dtype=np.int8)
A_WINS, B_WINS, TIE, BOTH_BAD = (outcome.code for outcome in Outcome)
POINTS = np.array([1.0, 0.0, 0.5, 0.5])
_IDENTITIES = ("prompt", "rater", "first", "match")
_NO_NAME = "Row {row}: a side has no name; expected the name of a contender."
COLUMNS: dict[str, type[np.signedinteger[Any]]] = {
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
        """Verdicts from rows with names; raises as `from_columns` does, and BadVerdict for a row of another length."""
        told = list(rows)
        if wrong := next((number for number, row in enumerate(told, 1) if len(row) != len(COLUMNS)), None):
            found = f"Row {wrong} has {len(told[wrong - 1])} fields"
            raise BadVerdict(f"{found}; expected {len(COLUMNS)}: two names, outcome, {', '.join(_IDENTITIES)}.")
        a, b, outcome, *identities = zip(*told, strict=True) if told else [()] * len(COLUMNS)
        return cls.from_columns(a, b, outcome, names=names, **dict(zip(_IDENTITIES, identities, strict=True)))

    @classmethod
    def from_columns(
        cls,
        a: Collection[str],
        b: Collection[str],
        outcome: Collection[str],
        *,
        names: Sequence[str] | None = None,
        prompt: Identities | None = None,
        rater: Identities | None = None,
        first: Identities | None = None,
        match: Identities | None = None,
    ) -> Self:
        """Verdicts from columns with names, such as those of a data frame.

        Without `names`, contenders are numbered as they appear. Without `prompt` or `match` each row
        has its own; without `rater` all have one, and without `first` nothing is known of the order. Raises
        MissingName, UnknownContender, SelfMatch, UnknownOutcome or BadVerdict with the number of the row.
        """
        index = Numbers({name: number for number, name in enumerate(() if names is None else names)})
        if names is not None and len(index) < len(names):
            raise BadVerdict("The list of contenders holds a name twice.")
        side_a, side_b = _numbers(a, index), _numbers(b, index)
        _check_names(index, len(names) if names is not None else None, a, b)
        if names is None and len(side_a) == len(side_b):
            index, side_a, side_b = _as_they_appear(index, side_a, side_b)
        each, zeros = np.arange(len(a)), np.zeros(len(a), dtype=np.int32)
        return cls(
            names=tuple(map(str, index)),  # numpy has its own kind of string
            a=side_a,
            b=side_b,
            outcome=_codes(outcome),
            prompt=_identities("prompt", each if prompt is None else prompt),
            rater=_identities("rater", zeros if rater is None else rater),
            first=_identities("first", zeros - 1 if first is None else first),
            match=_identities("match", each if match is None else match),
        )

    @property
    def points(self) -> Floats:
        """float64[n]: what side a takes of each verdict's one point; a tie, or both bad, is half a point."""
        points: Floats = POINTS[self.outcome]
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
        if not len(self):
            return
        if min(self.a.min(), self.b.min()) < 0 or max(self.a.max(), self.b.max()) >= size:
            outside = (self.a < 0) | (self.a >= size) | (self.b < 0) | (self.b >= size)
            raise UnknownContender(f"Row {_first_row(outside)} names a contender outside the {size} of the board.")
        if (same := self.a == self.b).any():
            name = self.names[self.a[np.argmax(same)]]
            raise SelfMatch(f"Row {_first_row(same)}: {name!r} meets itself; a match needs two different contenders.")

    def _check_codes(self) -> None:
        if not len(self):
            return
        if self.outcome.min() < 0 or self.outcome.max() > BOTH_BAD:
            unknown = (self.outcome < 0) | (self.outcome > BOTH_BAD)
            code = self.outcome[np.argmax(unknown)]
            raise UnknownOutcome(f"Row {_first_row(unknown)} has the outcome code {code}; expected 0, 1, 2 or 3.")
        if self.first.min() < -1 or self.first.max() > 1:
            wrong = (self.first < -1) | (self.first > 1)
            raise BadVerdict(f"Row {_first_row(wrong)}: first is neither 0 (side a), 1 (side b) nor -1 (not known).")


def meetings(verdicts: Verdicts, asked: Flags) -> Integers:
    """int[M]: different pairs of prompt and opponent of the contenders in bool[M] `asked`; 0 for the others."""
    size = len(verdicts.names)
    sides = [(verdicts.a, verdicts.b), (verdicts.b, verdicts.a)]
    rows = [(np.flatnonzero(asked[own]), own, other) for own, other in sides]
    own = np.concatenate([own[chosen] for chosen, own, _ in rows]).astype(np.int64)
    other = np.concatenate([other[chosen] for chosen, _, other in rows])
    prompt = np.concatenate([verdicts.prompt[chosen] for chosen, _, _ in rows])
    distinct = np.unique(((prompt.astype(np.int64) * size) + other) * size + own)
    counted: Integers = np.bincount(distinct % size, minlength=size)
    return counted


def bad_as_tie(codes: Integers) -> Integers:
    """int[n] outcome codes for figures that know only better, worse and neither: both bad counts as a tie."""
    return np.where(codes == BOTH_BAD, TIE, codes)


def _first_row(mask: Flags) -> int:
    return int(np.argmax(mask)) + 1


def _numbers(column: Collection[str], index: Numbers[str]) -> Integers:
    """int32[n]; names that are new get the next number."""
    try:
        return np.fromiter(map(index.__getitem__, column), np.int32, len(column))
    except TypeError:
        row = next(row for row, name in enumerate(column, 1) if not isinstance(name, str))
        raise MissingName(_NO_NAME.format(row=row)) from None


def _as_they_appear(index: Numbers[str], a: Integers, b: Integers) -> tuple[Numbers[str], Integers, Integers]:
    """Renumbers by the first row that names a contender, side a before side b; columns were read one by one."""
    place = np.full((2, len(index)), 2 * len(a), dtype=np.int64)
    for side, column in enumerate((a, b)):
        place[side, column[::-1]] = 2 * np.arange(len(column) - 1, -1, -1) + side  # the last to be written is the first
    order = np.argsort(place.min(axis=0))
    number = np.empty(len(order), dtype=np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    names = list(index)
    return Numbers({names[old]: new for new, old in enumerate(order.tolist())}), number[a], number[b]


def _check_names(index: Numbers[str], known: int | None, a: Collection[str], b: Collection[str]) -> None:
    for name, number in index.items():
        if isinstance(name, str) and name.strip() and (known is None or number < known):
            continue
        row = next((row for row, sides in enumerate(zip(a, b, strict=False), 1) if any(s is name for s in sides)), 0)
        if not isinstance(name, str) or not name.strip():
            raise MissingName(_NO_NAME.format(row=row))
        raise UnknownContender(f"Row {row}: {name!r} is not among the {known} contenders of the board.")


class _Codes(dict[str, int]):
    """The codes of outcome words; each word is read once."""

    def __missing__(self, word: str) -> int:
        code = self[word] = read_outcome(word).code
        return code


def _codes(words: Collection[str]) -> Integers:
    try:
        return np.fromiter(map(_Codes().__getitem__, words), np.int8, len(words))
    except (UnknownOutcome, TypeError):
        for row, word in enumerate(words, 1):
            try:
                read_outcome(word)
            except UnknownOutcome as problem:
                raise UnknownOutcome(f"Row {row}: {problem}") from None
        raise


def _identities(name: str, values: Identities) -> Integers:
    kind = COLUMNS[name]
    least, most = np.iinfo(kind).min, np.iinfo(kind).max
    column = np.asarray(values)
    if not len(column) or (column.dtype.kind in "iub" and least <= column.min() and column.max() <= most):
        return column.astype(kind)
    for row, value in enumerate(values, 1):
        if not (isinstance(value, Integral) and least <= int(value) <= most):
            raise BadVerdict(f"Row {row}: {name} is {value!r}; expected a whole number from {least} to {most}.")
    return column.astype(kind)  # whole numbers in a column of objects, as data frames have them
