"""The chart of each figure: from what it tells to the rows that the chart takes."""

from collections.abc import Callable

from apps.ratings.models import Figure
from apps.ratings.told import Told
from workers.figures.card import card
from workers.figures.model import by_release, categories
from workers.figures.pairs import meetings, win_chances
from workers.figures.prompts import prompts
from workers.figures.raters import agreement_by_gap, confusion, raters, votes_needed, wins_by_gap
from workers.figures.standing import judges_and_people, price, rank_chances, ranks_by_rater, ratings

CHARTS: dict[str, Callable[[Told, Figure], str]] = {
    "ratings": ratings,
    "judges-and-people": judges_and_people,
    "price": price,
    "win-chances": win_chances,
    "meetings": meetings,
    "rank-chances": rank_chances,
    "ranks-by-rater": ranks_by_rater,
    "raters": raters,
    "confusion": confusion,
    "calibration": wins_by_gap,
    "agreement-by-gap": agreement_by_gap,
    "votes-needed": votes_needed,
    "categories": categories,
    "releases": by_release,
    "card": card,
    "prompts": prompts,
}
