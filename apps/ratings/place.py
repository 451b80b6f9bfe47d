"""Where one model stands, for those who want no more than that."""

from dataclasses import dataclass

from apps.contenders.models import Contender
from apps.ratings.models import Rating
from apps.ratings.selection import Selection


@dataclass(frozen=True)
class Place:
    """`rating` is None where it is not measured; `among`: the ranked models it was compared with, itself included."""

    contender: Contender
    rating: Rating | None
    among: int


def place(selection: Selection, slug: str) -> Place | None:
    """None where the snapshot knows no such model."""
    if selection.leaderboard is None:
        return None
    ratings = selection.leaderboard.ratings.filter(selection.rater.ratings)
    kept = ratings.filter(contender__slug=slug).select_related("contender__endpoint").first()
    if kept is None:
        return None
    told = selection.rater.seen(kept)
    if told.rating is None:
        return Place(told.contender, None, 0)
    return Place(told.contender, told, ratings.filter(rating__isnull=False, component=told.component).count())
