"""All that a page shows of one board, gathered in one call."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from apps.contenders.models import Contender
from apps.prompts.models import Category
from apps.ratings.groups import largest_first
from apps.ratings.models import Agreement, Board, Leaderboard, RankAgreement, Rating
from apps.ratings.queries import headline_agreement, headline_rank_agreement
from apps.ratings.rows import Row, leaderboard_table
from apps.ratings.selection import Selection
from apps.ratings.style_worth import StyleWorth, style_worth
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
        return tuple(row for row in self.rows if _standing(row).rank_low == 1)


@dataclass(frozen=True)
class BoardState:
    """The snapshot that was selected, with its rows. `leaderboard` is None before the first one."""

    selection: Selection
    groups: tuple[Group, ...]
    unranked: tuple[Row, ...]  # the rater has no verdict on them that counts
    trust: Agreement | None  # the judges against the people
    ceiling: Agreement | None  # the people against each other
    rank_agreement: RankAgreement | None  # of the ratings that count style
    style_worth: tuple[StyleWorth, ...] = ()  # where it is left aside

    @property
    def board(self) -> Board:
        return self.selection.board

    @property
    def category(self) -> Category | None:
        return self.selection.category

    @property
    def leaderboard(self) -> Leaderboard | None:
        return self.selection.leaderboard

    @property
    def rows(self) -> tuple[Row, ...]:
        return (*(row for group in self.groups for row in group.rows), *self.unranked)

    @property
    def contenders(self) -> tuple[Contender, ...]:
        """All of them, by name."""
        return tuple(sorted((row.contender for row in self.rows), key=lambda contender: contender.name))

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
    def simulated(self) -> bool:
        in_table = any(row.contender.simulated for row in self.rows)
        return in_table or bool(self.leaderboard and self.leaderboard.simulated)


def board_state(selection: Selection) -> BoardState:
    """All that the page and its JSON twin tell of a selection."""
    leaderboard, rater = selection.leaderboard, selection.rater
    rows = leaderboard_table(leaderboard, rater) if leaderboard else []
    trust, ceiling = headline_agreement(leaderboard, rater.judge) if leaderboard else (None, None)
    return BoardState(
        selection=selection,
        groups=groups_of(rows),
        unranked=tuple(row for row in rows if not row.is_ranked),
        trust=trust if trust and trust.n else None,
        ceiling=ceiling if ceiling and ceiling.n else None,
        rank_agreement=_rank_agreement(selection),
        style_worth=style_worth(leaderboard, rater) if leaderboard and rater.is_controlled else (),
    )


def _rank_agreement(selection: Selection) -> RankAgreement | None:
    told, rater = selection.leaderboard, selection.rater
    return headline_rank_agreement(told, rater.judge) if told and not rater.is_controlled else None


def groups_of(rows: Iterable[Row]) -> tuple[Group, ...]:
    """Of the rows that are ranked."""
    members: dict[int, list[Row]] = {}
    for row in rows:
        if row.is_ranked:
            members.setdefault(_standing(row).component, []).append(row)
    ordered = largest_first(component for component, of_group in members.items() for _ in of_group)
    return tuple(Group(number, _bands(members[component])) for number, component in enumerate(ordered, 1))


def _bands(rows: Sequence[Row]) -> tuple[tuple[Row, ...], ...]:
    low = np.array([_standing(row).rank_low or 0 for row in rows])
    high = np.array([_standing(row).rank_high or 0 for row in rows])
    numbered = sorted(zip(tie_bands(low, high).tolist(), rows, strict=True), key=lambda pair: pair[0])
    return tuple(tuple(row for _, row in band) for _, band in groupby(numbered, key=lambda pair: pair[0]))


def _standing(row: Row) -> Rating:
    assert row.standing is not None  # only ranked rows come here
    return row.standing


def nearest(slug: str, known: Iterable[str]) -> str | None:
    """What may have been meant by a slug that does not exist."""
    return next(iter(difflib.get_close_matches(slug, list(known), n=1, cutoff=0.5)), None)
