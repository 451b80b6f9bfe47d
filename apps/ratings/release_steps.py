"""What each release of a board changed: who leads, who came and went, who moved, and how much more was said."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from apps.contenders.models import Contender
from apps.ratings.change import MONTH, changes
from apps.ratings.difference import Difference
from apps.ratings.groups import largest_first
from apps.ratings.models import Leaderboard, Rating
from apps.ratings.selection import Release, Selection, board_releases

AT_ONCE = 10  # releases on a page
FEW = 6  # models named one by one
READ = (
    *("leaderboard_id", "contender_id", "rating", "lower", "upper", "component", "rank_low"),
    *("shift", "controlled_lower", "controlled_upper", "controlled_rank_low", "controlled_rank_high"),
)

Ratings = Mapping[int, Rating]  # by contender


@dataclass(frozen=True)
class Few:
    """The first of many; `more`: how many are not named."""

    named: tuple[Any, ...] = ()
    more: int = 0

    @property
    def n(self) -> int:
        return len(self.named) + self.more


@dataclass(frozen=True)
class Moved:
    """By more than the interval of its change."""

    contender: Contender
    change: Difference


@dataclass(frozen=True)
class Step:
    """A release against an earlier one; `since` is None at the first. `added`: how much more is behind it, by kind."""

    release: Release
    leaderboard: Leaderboard
    since: Release | None
    leaders: Few
    joined: Few = Few()
    left: Few = Few()
    risen: Few = Few()
    fallen: Few = Few()
    n_compared: int = 0
    are_leaders_new: bool = False
    judges_joined: tuple[str, ...] = ()
    judges_left: tuple[str, ...] = ()
    is_other_method: bool = False
    added: Mapping[str, int] = field(default_factory=dict)

    @property
    def changed_models(self) -> int:
        return self.joined.n + self.left.n + self.risen.n + self.fallen.n


@dataclass(frozen=True)
class Steps:
    """`since_month`: the newest against that of 30 days before, or against the first; None where there is but one."""

    each: tuple[Step, ...]  # newest first
    since_month: Step | None
    older: Release | None  # the first that is not here


def release_steps(selection: Selection) -> Steps:
    """Of the category and in the eyes of the rater that are selected, from the selected release back."""
    known = _up_to(selection)
    shown, month = known[: AT_ONCE + 1], _month_before(known)
    read = _Read(selection, {release.pk for release in (*shown, *([month] if month else ()))})
    pairs = list(zip_longest(shown, shown[1:]))[:AT_ONCE]
    return Steps(
        each=tuple(read.step(release, since) for release, since in pairs),
        since_month=read.step(known[0], month) if month else None,
        older=known[AT_ONCE] if len(known) > AT_ONCE else None,
    )


def _up_to(selection: Selection) -> tuple[Release, ...]:
    every = selection.releases if selection.category is None else board_releases(selection.board, selection.category)
    last = selection.release
    return tuple(release for release in every if last is None or release.day <= last.day)


def _month_before(known: Sequence[Release]) -> Release | None:
    if len(known) < 2:
        return None
    return next((release for release in known if release.fitted_at <= known[0].fitted_at - MONTH), known[-1])


class _Read:
    """The snapshots of these keys with their ratings: three queries, however many they are."""

    def __init__(self, selection: Selection, keys: Collection[int]) -> None:
        self.leaderboards = Leaderboard.objects.in_bulk(keys)
        self.ratings: dict[int, dict[int, Rating]] = {key: {} for key in keys}
        rows = Rating.objects.filter(selection.rater.ratings, leaderboard__in=keys).only(*READ)
        for row in map(selection.rater.seen, rows):
            if row.rating is not None:
                self.ratings[row.leaderboard_id][row.contender_id] = row
        named = {key for ratings in self.ratings.values() for key in ratings}
        self.contenders = Contender.objects.select_related("endpoint").in_bulk(named)

    def step(self, release: Release, since: Release | None) -> Step:
        now, told = self.ratings[release.pk], self.leaderboards[release.pk]
        leaders = _leaders(now.values())
        if since is None:
            return Step(release, told, None, self._few(leaders))
        before, then = self.ratings[since.pk], self.leaderboards[since.pk]
        moved = changes(now.values(), before)
        return Step(
            release=release,
            leaderboard=told,
            since=since,
            leaders=self._few(leaders),
            joined=self._few([key for key in _by_rating(now) if key not in before]),
            left=self._few([key for key in _by_rating(before) if key not in now]),
            risen=self._moved({key: change for key, change in moved.items() if change.lower > 0}),
            fallen=self._moved({key: change for key, change in moved.items() if change.upper < 0}),
            n_compared=len(moved),
            are_leaders_new=set(leaders) != set(_leaders(before.values())),
            judges_joined=tuple(judge for judge in told.judges if judge not in then.judges),
            judges_left=tuple(judge for judge in then.judges if judge not in told.judges),
            is_other_method=(told.method, told.code_version) != (then.method, then.code_version),
            added=_added(told, then),
        )

    def _few(self, keys: Sequence[int]) -> Few:
        return Few(tuple(self.contenders[key] for key in keys[:FEW]), len(keys[FEW:]))

    def _moved(self, by: Mapping[int, Difference]) -> Few:
        """The furthest first."""
        furthest = sorted(by.items(), key=lambda pair: -abs(pair[1].value))
        return Few(tuple(Moved(self.contenders[key], change) for key, change in furthest[:FEW]), len(furthest[FEW:]))


def _leaders(ratings: Iterable[Rating]) -> list[int]:
    """All that may be first in the largest group, the best first."""
    rows = list(ratings)
    if not rows:
        return []
    largest = largest_first(row.component for row in rows)[0]
    first = {row.contender_id: row for row in rows if row.component == largest and row.rank_low == 1}
    return list(_by_rating(first))


def _by_rating(ratings: Ratings) -> list[int]:
    return sorted(ratings, key=lambda key: -(ratings[key].rating or 0))


def _added(told: Leaderboard, then: Leaderboard) -> dict[str, int]:
    """What kinds changed their number; less than none where evidence was taken out."""
    kinds = ("judgments", "votes", "matches", "prompts")
    more = {kind: getattr(told, f"n_{kind}") - getattr(then, f"n_{kind}") for kind in kinds}
    return {kind: number for kind, number in more.items() if number}
