"""Rows -> arrays: the one way in which judgments and votes reach the arena."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Q, QuerySet

from apps.contenders.models import Contender
from apps.humans.models import Vote
from apps.judging.models import Judge, Judgment
from apps.leases.models import LeasedQuerySet
from apps.prompts.models import Category
from apps.ratings.models import Board
from judgeboard.arena.outcome import Outcome
from judgeboard.arena.verdicts import Verdicts

CODE = {outcome.value: outcome.code for outcome in Outcome}
FIRST = {Judgment.Order.A_FIRST.value: 0, Judgment.Order.B_FIRST.value: 1, "a": 0, "b": 1}
COLUMNS = (
    "match__output_a__contender_id",
    "match__output_b__contender_id",
    "match__prompt_id",
    "match_id",
    "match__turn",
)


@dataclass(frozen=True)
class Evidence:
    """What the judges and the people said about one board. Both speak of the same contenders, prompts and matches.

    `contender_ids[i]` is the key behind index i; raters are keys of judges and of voters. `*_turn`: the turn compared.
    """

    contender_ids: tuple[int, ...]
    judgments: Verdicts
    votes: Verdicts
    judgment_turn: np.ndarray
    vote_turn: np.ndarray
    flipped: np.ndarray  # judgments that merge two orders which disagreed

    @property
    def digest(self) -> str:
        """SHA-256 over everything said: equal digests, equal ratings."""
        told = hashlib.sha256(repr(self.contender_ids).encode())
        for said in (self.judgments, self.votes):
            for column in (said.a, said.b, said.outcome, said.prompt, said.rater, said.first, said.match):
                told.update(np.ascontiguousarray(column).tobytes())
        return told.hexdigest()


def board_evidence(board: Board, category: Category | None = None) -> Evidence:
    """Everything that was said on the board, oldest first, in one pass over judgments and one over votes."""
    judged = _rows(board_judgments(board, category).done(), "outcome", "judge_id", "order", "flipped")
    voted = _rows(board_votes(board, category), "outcome", "voter_id", "shown_first")
    met = {key for row in (*judged, *voted) for key in row[:2]}
    contenders = Contender.objects.filter(pk__in=met).order_by("pk")
    names = tuple(contenders.values_list("name", flat=True))
    ids = tuple(contenders.values_list("pk", flat=True))
    return Evidence(
        contender_ids=ids,
        judgments=_verdicts(judged, ids, names),
        votes=_verdicts(voted, ids, names),
        judgment_turn=_column(judged, 4, np.int16),
        vote_turn=_column(voted, 4, np.int16),
        flipped=_column(judged, 8, np.bool_),
    )


def board_judgments(board: Board, category: Category | None = None) -> LeasedQuerySet:
    """The judgments that count on the board, in whatever state."""
    judges = Judge.objects.filter(boards=board)
    rows = Judgment.objects.filter(_on(board, category))
    return rows.filter(judge__in=judges) if judges.exists() else rows


def board_votes(board: Board, category: Category | None = None) -> QuerySet:
    return Vote.objects.filter(_on(board, category))


def _on(board: Board, category: Category | None) -> Q:
    on = Q(match__prompt__prompt_set__in=board.prompt_sets.values("pk"))
    return on & Q(match__prompt__category=category) if category else on


def _rows(rows: QuerySet, *own: str) -> list[tuple]:
    return list(rows.order_by("pk").values_list(*COLUMNS, *own).iterator(chunk_size=20_000))


def _verdicts(rows: Sequence[tuple], ids: Sequence[int], names: tuple[str, ...]) -> Verdicts:
    order = np.asarray(ids, dtype=np.int64)
    return Verdicts(
        names=names,
        a=np.searchsorted(order, _column(rows, 0, np.int64)).astype(np.int32),
        b=np.searchsorted(order, _column(rows, 1, np.int64)).astype(np.int32),
        outcome=np.fromiter((CODE[row[5]] for row in rows), np.int8, len(rows)),
        prompt=_column(rows, 2, np.int32),
        rater=_column(rows, 6, np.int32),
        first=np.fromiter((FIRST.get(row[7], -1) for row in rows), np.int8, len(rows)),
        match=_column(rows, 3, np.int32),
    )


def _column(rows: Sequence[tuple], index: int, kind: type) -> np.ndarray:
    return np.fromiter((row[index] for row in rows), kind, len(rows))
