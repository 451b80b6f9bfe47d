"""Votes and judgments on the same matches, as the rows of one weighted likelihood."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from judgeboard.arena.arrays import Flags, Floats, Integers
from judgeboard.arena.numbering import numbered
from judgeboard.arena.rating.meat import meat_by_prompt, row_residual
from judgeboard.arena.rating.point_fit import PointFit
from judgeboard.arena.rating.sandwich import Meat
from judgeboard.arena.rating.weights import weighted_points
from judgeboard.arena.tallies import cells
from judgeboard.arena.verdicts import COLUMNS, BadVerdict, MatchesDiffer, Verdicts


class BoardsDiffer(BadVerdict):
    """Votes and judgments that are not about the same contenders, or not on the same prompts."""


@dataclass(frozen=True, eq=False)
class JudgedVotes:
    """n votes and J judgments as n + J rows, votes first.

    rows, cell:         the verdicts, and int64[n + J] their place in a table[outcome, a, b]
    vote, excess:       float64[n + J], the weight of each row among the votes, and in what the voted matches exceed
    n_votes, n_paired:  all votes, and those on a match that was judged; n_judged: judged matches

    The excess of a judgment is the number of votes on its match, less what it would be if the votes were spread evenly
    over all judged matches; the judgments of a match share it. So the weights `vote - lambda * excess` make
    n L_human + lambda n_paired [L_judge(all judged matches) - L_judge(the voted ones, as often as they have votes)].
    """

    rows: Verdicts
    cell: Integers
    vote: Floats
    excess: Floats
    n_votes: int
    n_paired: int
    n_judged: int

    @classmethod
    def of(cls, votes: Verdicts, judgments: Verdicts, together: Flags) -> Self:
        """Of all votes, and the judgments between contenders that the votes compare: bool[M, M] `together`.

        Raises BoardsDiffer, MatchesDiffer.
        """
        if votes.names != judgments.names:
            raise BoardsDiffer("The votes and the judgments name different contenders, or in another order.")
        rows = _joined(votes, judgments)
        match, matches = numbered(rows.match)
        _check_matches(rows, match, matches)
        kept = together[rows.a, rows.b]
        rows, match = rows.where(kept), match[kept]
        is_vote = np.arange(len(rows)) < len(votes)
        excess, n_paired, n_judged = _excess(match, is_vote, matches)
        return cls(rows, cells(rows), is_vote.astype(np.float64), excess, len(votes), n_paired, n_judged)

    def excess_points(self) -> Floats:
        """float64[M, M]: what the judge gave the row against the column, in the weights of the excess."""
        return weighted_points(self.cell, self.excess, len(self.rows.names))

    def meat(self, board: PointFit, *, vote: float, excess: float) -> Meat:
        """Of the likelihood with the weights vote * `vote` - excess * `excess`, at the ratings of the board."""
        weight = vote * self.vote - excess * self.excess
        said = weight != 0
        rows = self.rows.where(said)
        return meat_by_prompt(rows, row_residual(rows, board.probability, weight[said]), board.contact.component)


def _joined(votes: Verdicts, judgments: Verdicts) -> Verdicts:
    parts = votes, judgments
    joined: dict[str, Any] = {column: np.concatenate([getattr(part, column) for part in parts]) for column in COLUMNS}
    return replace(votes, **joined)


def _excess(match: Integers, is_vote: Flags, matches: int) -> tuple[Floats, int, int]:
    """(excess, votes on judged matches, judged matches); match: int64[n + J], below `matches`."""
    voted, judged = (np.bincount(match[chosen], minlength=matches) for chosen in (is_vote, ~is_vote))
    n_paired, n_judged = int(voted[judged > 0].sum()), int(np.count_nonzero(judged))
    shared = (voted - n_paired / max(n_judged, 1)) / np.maximum(judged, 1)
    return np.where(is_vote, 0.0, shared[match]), n_paired, n_judged


def _check_matches(rows: Verdicts, match: Integers, matches: int) -> None:
    sides = np.minimum(rows.a, rows.b).astype(np.int64) * len(rows.names) + np.maximum(rows.a, rows.b)
    if (row := _row_that_differs(sides, match, matches)) is not None:
        raise MatchesDiffer(f"Match {rows.match[row]} is not between the same two contenders in all its rows.")
    if (row := _row_that_differs(rows.prompt, match, matches)) is not None:
        raise BoardsDiffer(f"Match {rows.match[row]} is on prompt {rows.prompt[row]} in one row, on another elsewhere.")


def _row_that_differs(values: Integers, match: Integers, matches: int) -> int | None:
    """The first row that does not say what the last row on its match says."""
    last = np.zeros(matches, dtype=values.dtype)
    last[match] = values
    differs = values != last[match]
    return int(np.argmax(differs)) if differs.any() else None
