"""What is looked at: which snapshot of a board, in which category, in whose eyes; found by the words of an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from apps.judging.models import Judge
from apps.judging.queries import judge_key
from apps.prompts.models import Category
from apps.ratings.models import Board, Leaderboard
from apps.ratings.queries import board_categories, latest_leaderboard, rating_judges
from apps.ratings.rater import ALL_JUDGES, CONTROLLED, PEOPLE, Rater


class Release(NamedTuple):
    """The last snapshot of a day, by which it is named; `pk` of the one over all categories unless one is named."""

    pk: int
    fitted_at: datetime

    @property
    def day(self) -> date:
        return self.fitted_at.date()

    @property
    def key(self) -> str:
        return self.day.isoformat()


@dataclass(frozen=True)
class Selection:
    """`release` None: the latest. `leaderboard` None: nothing was rated there yet.

    `unknown`: the words that name nothing on this board, by what they should have named; they are left aside.
    """

    board: Board
    releases: tuple[Release, ...] = ()  # newest first
    categories: tuple[Category, ...] = ()
    judges: tuple[Judge, ...] = ()  # with ratings of their own beside the panel's, in whatever category
    release: Release | None = None
    category: Category | None = None
    rater: Rater = ALL_JUDGES
    leaderboard: Leaderboard | None = None
    unknown: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> dict[str, str]:
        """The words that select this; those of the defaults are left out."""
        told = {
            "release": self.release.key if self.release else "",
            "rater": self.rater.key,
            "category": self.category.slug if self.category else "",
            "style": self.rater.style,
        }
        return {name: word for name, word in told.items() if word}


def select(board: Board, *, release: str = "", rater: str = "", category: str = "", style: str = "") -> Selection:
    """What these words select on the board; an empty one is the default.

    Style is left aside only where there are ratings of this rater that do so.
    """
    releases, categories = board_releases(board), board_categories(board)
    of_day = next((known for known in releases if known.key == release), None)
    within = next((known for known in categories if known.slug == category), None)
    leaderboard = latest_leaderboard(board, within, day=of_day.day if of_day else None)
    judges = rating_judges((of_day or releases[0]).pk) if releases else ()
    named = _rater(rater, judges)
    whose = named or ALL_JUDGES
    controlled = style == CONTROLLED and can_leave_style_aside(leaderboard, whose)
    asked = {
        "release": (release, of_day),
        "rater": (rater, named),
        "category": (category, within),
        "style": (style, controlled or None),
    }
    return Selection(
        board=board,
        releases=releases,
        categories=categories,
        judges=judges,
        release=of_day,
        category=within,
        rater=replace(whose, is_controlled=controlled),
        leaderboard=leaderboard,
        unknown={name: word for name, (word, found) in asked.items() if word and found is None},
    )


def can_leave_style_aside(leaderboard: Leaderboard | None, rater: Rater) -> bool:
    """Not before such ratings were kept, nor where the answers look alike or the verdicts are too few to tell."""
    return leaderboard is not None and leaderboard.ratings.filter(rater.ratings, shift__isnull=False).exists()


def board_releases(board: Board, category: Category | None = None) -> tuple[Release, ...]:
    """Newest first, one a day."""
    snapshots = Leaderboard.objects.filter(board=board, category=category).values_list("pk", "fitted_at")
    by_day: dict[date, Release] = {}
    for release in (Release(*snapshot) for snapshot in snapshots):
        by_day.setdefault(release.day, release)
    return tuple(by_day.values())


def _rater(word: str, judges: Sequence[Judge]) -> Rater | None:
    if word == PEOPLE:
        return Rater(is_people=True)
    judge = next((judge for judge in judges if judge_key(judge) == word), None)
    return Rater(judge) if judge else None
