"""All that a page shows of one board, gathered in one call."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from apps.prompts.models import Category
from apps.ratings.models import Agreement, Board, Leaderboard, RankAgreement, Rating
from apps.ratings.queries import (
    Row,
    headline_agreement,
    headline_rank_agreement,
    latest_leaderboard,
    leaderboard_table,
)
from judgeboard.arena.rating.ranks import tie_bands


@dataclass(frozen=True)
class Group:
    """Models that met, directly or through others, in tie bands, best first. Ranks count within the group."""

    number: int
    bands: tuple[tuple[Row, ...], ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for band in self.bands for row in band)

    @property
    def leaders(self) -> tuple[Row, ...]:
        """All that may be first; one alone is surely better than everybody it was compared with."""
        return tuple(row for row in self.rows if row.judges and row.judges.rank_low == 1)


@dataclass(frozen=True)
class BoardState:
    """The newest snapshot of a board or of one category of it. `leaderboard` is None before the first one."""

    board: Board
    category: Category | None
    categories: tuple[Category, ...]
    leaderboard: Leaderboard | None
    groups: tuple[Group, ...]
    unranked: tuple[Row, ...]  # no judge has a verdict on them that counts
    trust: Agreement | None  # the judges against the people
    ceiling: Agreement | None  # the people against each other
    rank_agreement: RankAgreement | None

    @property
    def rows(self) -> tuple[Row, ...]:
        return (*(row for group in self.groups for row in group.rows), *self.unranked)

    @property
    def n_wanted(self) -> int:
        """Judgments asked for so far, whatever became of them."""
        told = self.leaderboard
        return told.n_judgments + told.n_unusable + told.n_open if told else 0

    @property
    def is_measured(self) -> bool:
        """Whether there is anybody to compare: one model alone has no place."""
        return any(len(group.rows) > 1 for group in self.groups)

    @property
    def has_published(self) -> bool:
        return any(row.published for row in self.rows)

    @property
    def simulated(self) -> bool:
        in_table = any(row.contender.simulated for row in self.rows)
        return in_table or bool(self.leaderboard and self.leaderboard.simulated)


def board_state(board: Board, category_slug: str = "") -> BoardState:
    """Of one category where its slug is given; a slug that no category of the board has is left aside."""
    categories = board_categories(board)
    category = next((category for category in categories if category.slug == category_slug), None)
    leaderboard = latest_leaderboard(board, category)
    rows = leaderboard_table(leaderboard) if leaderboard else []
    trust, ceiling = headline_agreement(leaderboard) if leaderboard else (None, None)
    return BoardState(
        board=board,
        category=category,
        categories=categories,
        leaderboard=leaderboard,
        groups=groups_of(rows),
        unranked=tuple(row for row in rows if not _is_ranked(row)),
        trust=trust if trust and trust.n else None,
        ceiling=ceiling if ceiling and ceiling.n else None,
        rank_agreement=headline_rank_agreement(leaderboard) if leaderboard else None,
    )


def _is_ranked(row: Row) -> bool:
    return row.judges is not None and row.judges.rating is not None


def groups_of(rows: Iterable[Row]) -> tuple[Group, ...]:
    """Of the rows that judges rank. The largest group first; its ranking says most."""
    members: dict[int, list[Row]] = {}
    for row in filter(_is_ranked, rows):
        members.setdefault(_judged(row).component, []).append(row)
    by_size = sorted(members.values(), key=len, reverse=True)
    return tuple(Group(number, _bands(rows)) for number, rows in enumerate(by_size, 1))


def _bands(rows: Sequence[Row]) -> tuple[tuple[Row, ...], ...]:
    low = np.array([_judged(row).rank_low or 0 for row in rows])
    high = np.array([_judged(row).rank_high or 0 for row in rows])
    numbered = sorted(zip(tie_bands(low, high).tolist(), rows, strict=True), key=lambda pair: pair[0])
    return tuple(tuple(row for _, row in band) for _, band in groupby(numbered, key=lambda pair: pair[0]))


def _judged(row: Row) -> Rating:
    assert row.judges is not None  # only ranked rows come here
    return row.judges


def board_categories(board: Board) -> tuple[Category, ...]:
    """The categories of its prompts."""
    return tuple(Category.objects.filter(prompts__prompt_set__boards=board).distinct())


def nearest(slug: str, known: Iterable[str]) -> str | None:
    """What may have been meant by a slug that does not exist."""
    return next(iter(difflib.get_close_matches(slug, list(known), n=1, cutoff=0.5)), None)
