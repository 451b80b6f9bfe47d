"""The figures of a whole board: which there are, in which order, and which of them follow the rater."""

from collections.abc import Callable

from apps.ratings.models import Leaderboard
from apps.ratings.rater import ALL_JUDGES, Rater
from apps.ratings.told import Told
from apps.ratings.told.agreement import confusion_told, raters_told
from apps.ratings.told.calibration import agreement_by_gap_told, calibration_told
from apps.ratings.told.card import CARD, board_card_told
from apps.ratings.told.pairs import meetings_told, win_chances_told
from apps.ratings.told.price import price_told
from apps.ratings.told.ranks import rank_chances_told, ranks_by_rater_told
from apps.ratings.told.ratings import judges_and_people_told, ratings_told
from apps.ratings.told.votes_needed import votes_needed_told

IN_THEIR_EYES: tuple[Callable[[Leaderboard, Rater], Told | None], ...] = (
    *(ratings_told, judges_and_people_told, price_told, ranks_by_rater_told, confusion_told, board_card_told),
)
BY_ALL_JUDGES: tuple[Callable[[Leaderboard], Told | None], ...] = (
    *(rank_chances_told, win_chances_told, meetings_told, raters_told, calibration_told, agreement_by_gap_told),
    votes_needed_told,
)
"""What only the fit of all judges together knew. Fitting anew for each rater would be too much for a page."""

ORDER = (
    *("ratings", "judges-and-people", "price", "rank-chances", "ranks-by-rater", "win-chances", "meetings"),
    *("raters", "confusion", "calibration", "agreement-by-gap", "votes-needed", CARD),
)
OF_EVERY_RATER = ("raters",)
"""Told of all raters at once, so that it belongs to each view."""


def board_told(leaderboard: Leaderboard, rater: Rater = ALL_JUDGES) -> list[Told]:
    """In the order in which they are shown; of another rater than all judges with style counting, those that follow."""
    told = [tell(leaderboard, rater) for tell in IN_THEIR_EYES]
    if not rater.view:
        told += [tell(leaderboard) for tell in BY_ALL_JUDGES]
    return sorted((one for one in told if one), key=lambda one: ORDER.index(one.name))
