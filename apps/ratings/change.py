"""How far ratings moved since an earlier release."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from apps.ratings.difference import Difference, difference
from apps.ratings.models import Leaderboard, Rating
from apps.ratings.rater import Rater

MONTH = timedelta(days=30)


def earlier_ratings(leaderboard: Leaderboard, rater: Rater) -> dict[int, Rating]:
    """By contender, in the release that was the latest 30 days before this one; empty where there was none."""
    before = Leaderboard.objects.filter(
        board=leaderboard.board_id, category=leaderboard.category_id, fitted_at__lte=leaderboard.fitted_at - MONTH
    )
    rows = Rating.objects.filter(rater.ratings, leaderboard__in=before.values("pk")[:1]).select_related("leaderboard")
    return {row.contender_id: rater.seen(row) for row in rows}


def changes(now: Iterable[Rating], before: Mapping[int, Rating]) -> dict[int, Difference]:
    """By contender, against the mean move of all that were in the same group both times: whoever joins moves the scale.

    Both ratings rest on shared evidence, which the interval does not allow for: it is too wide rather than too narrow.
    Of a group with one such model nothing can be said.
    """
    moved: dict[int, list[tuple[int, Difference]]] = {}
    for rating in now:
        change = difference(rating, before.get(rating.contender_id))
        if change:
            moved.setdefault(rating.component, []).append((rating.contender_id, change))
    return {key: change for group in moved.values() if len(group) > 1 for key, change in _centred(group)}


def _centred(group: list[tuple[int, Difference]]) -> Iterable[tuple[int, Difference]]:
    drift = sum(change.value for _, change in group) / len(group)
    return [(key, change.shifted(-drift)) for key, change in group]
