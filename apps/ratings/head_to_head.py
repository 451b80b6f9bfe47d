"""Two models on one board against each other: who wins, how surely, in what, and the matches that show why."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from django.db.models import F, Q, QuerySet

from apps.contenders.models import Contender
from apps.judging.models import Judge
from apps.matches.models import Match
from apps.prompts.models import Category
from apps.ratings.evidence import Evidence, Said, board_votes, evidence_in
from apps.ratings.models import Board, Leaderboard, Rating
from apps.ratings.opponents import selected_judgments
from apps.ratings.selection import Selection
from apps.ratings.standing import LEVEL
from judgeboard.arena.match_by_match import MatchByMatch, match_by_match
from judgeboard.arena.orders import merge_orders
from judgeboard.arena.rating.head_to_head import HeadToHead, head_to_head
from judgeboard.arena.same_match import majority
from judgeboard.arena.share import Share, clustered_share


@dataclass(frozen=True)
class ByJudge:
    """One judge's verdicts, the two orders of a match merged."""

    judge: Judge
    told: HeadToHead
    n_judgments: int


@dataclass(frozen=True)
class InCategory:
    category: Category
    judges: HeadToHead
    people: HeadToHead


@dataclass(frozen=True)
class Ratings:
    """Where one of the two stands on the board."""

    contender: Contender
    judges: Rating | None
    people: Rating | None


@dataclass(frozen=True)
class Duel:
    """Everything is told from `one`. Of judges and of people each match counts once, by what most of them say.

    With one judge selected, `judges` is that one alone. Matches and what was said of them are those of today.
    """

    one: Contender
    other: Contender
    selection: Selection
    n_matches: int  # between the two, whether or not anybody said anything about them
    judges: HeadToHead
    people: HeadToHead
    n_judgments: int
    n_votes: int
    each_judge: tuple[ByJudge, ...]
    categories: tuple[InCategory, ...]
    ratings: tuple[Ratings, Ratings]
    table: MatchByMatch

    @property
    def judge_names(self) -> tuple[str, ...]:
        return tuple(str(row.judge) for row in self.each_judge)

    @property
    def board(self) -> Board:
        return self.selection.board

    @property
    def category(self) -> Category | None:
        return self.selection.category

    @property
    def leaderboard(self) -> Leaderboard | None:
        return self.selection.leaderboard

    @cached_property
    def same(self) -> Share:
        """On how many of the matches with both, most judges and most people say the same."""
        both = self.table.both
        return clustered_share((~self.table.differ[both]).astype(float), self.table.prompt[both], LEVEL)

    @property
    def n_unjudged(self) -> int:
        return self.n_matches - self.judges.n

    @property
    def has_met(self) -> bool:
        return self.n_matches > 0

    @property
    def simulated(self) -> bool:
        judged = self.leaderboard is not None and self.leaderboard.simulated
        return self.one.simulated or self.other.simulated or judged


def duel(one: Contender, other: Contender, selection: Selection) -> Duel:
    category = selection.category
    met = dict(_matches(one, other, selection.board).values_list("pk", "prompt__category"))
    evidence = _told_from(one, _evidence(selection, list(met)))
    judged, voted = (_within(said, category) for said in (evidence.judged, evidence.voted))
    return Duel(
        one=one,
        other=other,
        selection=selection,
        n_matches=sum(category is None or of == category.pk for of in met.values()),
        judges=_once_a_match(judged),
        people=_once_a_match(voted),
        n_judgments=len(judged),
        n_votes=len(voted),
        each_judge=tuple(_each_judge(judged)),
        categories=tuple(_in_categories(evidence, selection.categories)),
        ratings=_ratings(selection, one, other),
        table=match_by_match(judged.verdicts, voted.verdicts, judged.flipped),
    )


def _matches(one: Contender, other: Contender, board: Board) -> QuerySet[Match]:
    """Those between the two. That both outputs answer one prompt is known; said too, the database pairs them first."""
    sides = Q(output_a__contender=one, output_b__contender=other) | Q(
        output_a__contender=other, output_b__contender=one
    )
    return Match.objects.filter(
        sides, output_a__prompt=F("output_b__prompt"), prompt__prompt_set__in=board.prompt_sets.values("pk")
    )


def _evidence(selection: Selection, matches: list[int]) -> Evidence:
    """Of all categories, for the table of them.

    By the keys of the matches: asked for in one query with them, the database would walk all that was ever said.
    """
    judged, voted = selected_judgments(replace(selection, category=None)), board_votes(selection.board)
    return evidence_in(judged.filter(match__in=matches), voted.filter(match__in=matches))


def _told_from(one: Contender, evidence: Evidence) -> Evidence:
    """The same with `one` on side a of every row."""
    judged, voted = (_turned(said, evidence.contender_ids, one) for said in (evidence.judged, evidence.voted))
    return replace(evidence, judged=judged, voted=voted)


def _turned(said: Said, ids: tuple[int, ...], one: Contender) -> Said:
    other_side = np.array(ids, dtype=np.int64)[said.verdicts.a] != one.pk
    return replace(said, verdicts=said.verdicts.flipped_where(other_side))


def _within(said: Said, category: Category | None) -> Said:
    return said.where(said.category == category.pk) if category else said


def _once_a_match(said: Said) -> HeadToHead:
    return head_to_head(majority(said.verdicts), LEVEL)


def _each_judge(judged: Said) -> Iterator[ByJudge]:
    each = merge_orders(judged.verdicts)
    judges = Judge.objects.select_related("endpoint").filter(pk__in=np.unique(each.rater).tolist())
    for judge in judges:
        n = int(np.count_nonzero(judged.verdicts.rater == judge.pk))
        yield ByJudge(judge, head_to_head(each.where(each.rater == judge.pk), LEVEL), n)


def _in_categories(evidence: Evidence, known: tuple[Category, ...]) -> Iterator[InCategory]:
    """Those in which anything was said, most matches first."""
    rows = [
        InCategory(category, *(_once_a_match(_within(said, category)) for said in (evidence.judged, evidence.voted)))
        for category in known
    ]
    told = (row for row in rows if row.judges.n or row.people.n)
    yield from sorted(told, key=lambda row: (-row.judges.n, -row.people.n, row.category.name))


def _ratings(selection: Selection, *both: Contender) -> tuple[Ratings, Ratings]:
    leaderboard, rater = selection.leaderboard, selection.rater
    told = rater.ratings | Q(judge=None)
    rows = leaderboard.ratings.filter(told, contender__in=both) if leaderboard else ()
    by = {(row.contender_id, row.by): rater.seen(row) for row in rows}
    one, other = (
        Ratings(model, by.get((model.pk, rater.judged_by)), by.get((model.pk, Rating.By.HUMANS))) for model in both
    )
    return one, other
