"""Rows -> arrays: the one way in which judgments and votes reach the arena."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from apps.contenders.models import Contender
from apps.humans.models import Vote
from apps.judging.models import Judge, Judgment
from apps.leases.models import LeasedQuerySet
from apps.prompts.models import Category
from apps.ratings.models import Board
from judgeboard.arena.outcome import Outcome
from judgeboard.arena.verdicts import COLUMNS, Verdicts

CHUNK = 20_000  # rows that are held as Python objects at a time
ORDER = Judgment.Order
OUTCOMES = {outcome.value: outcome.code for outcome in Outcome}
SHOWN = {"a": 0, "b": 1}
ORDERS = {ORDER.A_FIRST.value: 0, ORDER.B_FIRST.value: 1}


@dataclass(frozen=True)
class Said:
    """Verdicts with what else is known of each row, as arrays beside them.

    turn: int16[n], the turn compared; category: int32[n], key of the prompt's category; flipped: bool[n], the verdict
    merges two orders that disagreed
    """

    verdicts: Verdicts
    turn: np.ndarray
    category: np.ndarray
    flipped: np.ndarray

    def __len__(self) -> int:
        return len(self.verdicts)

    def where(self, chosen: np.ndarray) -> Self:
        columns = {column: getattr(self, column)[chosen] for column in ("turn", "category", "flipped")}
        return replace(self, verdicts=self.verdicts.where(chosen), **columns)


@dataclass(frozen=True)
class Evidence:
    """What the judges and the people said about one board. Both speak of the same contenders, prompts and matches.

    `contender_ids[i]` is the key behind index i; raters are keys of judges and of voters. `kin`: what judges said about
    their own families' contenders among these; it changes no rating, and shows how far they prefer them.
    """

    contender_ids: tuple[int, ...]
    judged: Said
    voted: Said
    kin: Said

    @property
    def judgments(self) -> Verdicts:
        return self.judged.verdicts

    @property
    def votes(self) -> Verdicts:
        return self.voted.verdicts

    @property
    def digest(self) -> str:
        """SHA-256 over everything said: equal digests, equal ratings."""
        told = hashlib.sha256(repr(self.contender_ids).encode())
        for said in (self.judgments, self.votes, self.kin.verdicts):
            for column in (said.a, said.b, said.outcome, said.prompt, said.rater, said.first, said.match):
                told.update(np.ascontiguousarray(column).tobytes())
        return told.hexdigest()

    def within(self, category: Category) -> "Evidence":
        """What was said on prompts of one category, about the contenders that met there."""
        judged, voted = (said.where(said.category == category.pk) for said in (self.judged, self.voted))
        sides = [side for said in (judged, voted) for side in (said.verdicts.a, said.verdicts.b)]
        met = np.unique(np.concatenate(sides))
        names = tuple(self.judgments.names[index] for index in met.tolist())
        ids = tuple(self.contender_ids[index] for index in met.tolist())
        kin = self.kin.where((self.kin.category == category.pk) & _both_among(self.kin.verdicts, met))
        return Evidence(ids, *(_renumbered(said, met, names) for said in (judged, voted, kin)))


def board_evidence(board: Board) -> Evidence:
    """Everything that was said on the board."""
    return evidence_in(board_judgments(board), board_votes(board))


def evidence_in(judgments: LeasedQuerySet, votes: QuerySet) -> Evidence:
    """What these say, oldest first, in one pass over judgments and one over votes."""
    judged, kin = _judged(judgments.done())
    voted = _columns(votes, rater=F("voter_id"), first=_code("shown_first", SHOWN), flipped=Value(0))
    met = np.unique(np.concatenate([told[side] for told in (judged, voted) for side in ("a", "b")]))
    names = dict(Contender.objects.filter(pk__in=met.tolist()).values_list("pk", "name"))
    named = tuple(names[key] for key in met.tolist())
    known = np.isin(kin["a"], met) & np.isin(kin["b"], met)
    told = (judged, voted, {name: column[known] for name, column in kin.items()})
    return Evidence(tuple(met.tolist()), *(_said(columns, met, named) for columns in told))


def judged_among(contenders: Sequence[Contender], judgments: LeasedQuerySet) -> Verdicts:
    """What the judgments that are done say of these contenders, whose places in the sequence are their numbers."""
    told, _ = _judged(judgments.done())
    order = np.argsort([contender.pk for contender in contenders])
    known = np.array([contender.pk for contender in contenders], dtype=np.int64)[order]
    sides = {side: order[np.searchsorted(known, told[side])] for side in ("a", "b")}
    return _verdicts(told | sides, tuple(contender.name for contender in contenders))


def _judged(judgments: LeasedQuerySet) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """What counts, and what judges said about their own families."""
    return _kin_apart(
        _columns(
            judgments,
            rater=F("judge_id"),
            first=_code("order", ORDERS),
            flipped=Case(When(flipped=True, then=1), default=0),
        )
    )


def _kin_apart(judged: dict[str, np.ndarray]) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """What a judge says about its own family changes no rating. Looked up by family: no row is joined for it."""
    kin = np.zeros(len(judged["rater"]), dtype=bool)
    for judge, family in Judge.objects.exclude(family="").values_list("pk", "family"):
        own = list(Contender.objects.filter(family=family).values_list("pk", flat=True))
        kin |= (judged["rater"] == judge) & (np.isin(judged["a"], own) | np.isin(judged["b"], own))
    counting = {name: column[~kin] for name, column in judged.items()}
    return counting, {name: column[kin] for name, column in judged.items()}


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


def _code(field: str, codes: Mapping[str, int]) -> Case:
    """A word as its code, -1 where it has none: whole numbers alone come out of the database quickly."""
    known = [When(**{field: word}, then=Value(code)) for word, code in codes.items()]
    return Case(*known, default=Value(-1), output_field=IntegerField())


def _columns(rows: QuerySet, **own: Combinable) -> dict[str, np.ndarray]:
    """int64[n] by name, streamed: at most a chunk of rows is held in any other form."""
    wanted: dict[str, Combinable] = {
        "a": F("match__output_a__contender_id"),
        "b": F("match__output_b__contender_id"),
        "outcome": _code("outcome", OUTCOMES),
        "prompt": F("match__prompt_id"),
        "match": F("match_id"),
        "turn": F("match__turn"),
        "category": F("match__prompt__category_id"),
        **own,
    }
    table = whole_numbers(rows.order_by().values_list("pk", *wanted.values()), width=1 + len(wanted))
    table = table[
        table[:, 0].argsort(kind="stable")
    ]  # by key, as they were asked for; quicker here than in the database
    return dict(zip(wanted, table.T[1:], strict=True))


def whole_numbers(rows: QuerySet, width: int) -> np.ndarray:
    """int64[n, width] of rows of so many whole numbers, without the object that a queryset would make of each row."""
    chunks = [np.zeros((0, width), dtype=np.int64)]
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:  # asked for among no matches at all
        return chunks[0]
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(CHUNK):
            chunks.append(np.array(rows, dtype=np.int64))
    return np.concatenate(chunks)


def _said(told: Mapping[str, np.ndarray], met: np.ndarray, names: tuple[str, ...]) -> Said:
    verdicts = _verdicts({**told, **{side: np.searchsorted(met, told[side]) for side in ("a", "b")}}, names)
    return Said(verdicts, told["turn"].astype(np.int16), told["category"].astype(np.int32), told["flipped"] > 0)


def _verdicts(told: Mapping[str, np.ndarray], names: tuple[str, ...]) -> Verdicts:
    return Verdicts(names=names, **{name: told[name].astype(kind) for name, kind in COLUMNS.items()})


def _both_among(verdicts: Verdicts, contenders: np.ndarray) -> np.ndarray:
    return np.isin(verdicts.a, contenders) & np.isin(verdicts.b, contenders)


def _renumbered(said: Said, kept: np.ndarray, names: tuple[str, ...]) -> Said:
    """About the contenders at the positions `kept` alone."""
    a, b = (np.searchsorted(kept, side).astype(np.int32) for side in (said.verdicts.a, said.verdicts.b))
    return replace(said, verdicts=replace(said.verdicts, names=names, a=a, b=b))
