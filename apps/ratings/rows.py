"""The rows of a leaderboard: of each model what judges say, what people say, and what follows from both."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, Q

from apps.budgets.price import MILLION
from apps.contenders.models import Contender
from apps.ratings.change import changes, earlier_ratings
from apps.ratings.difference import Difference, difference, style_shift
from apps.ratings.models import Leaderboard, PublishedRating, Rating
from apps.ratings.rater import ALL_JUDGES, Rater


@dataclass(frozen=True)
class Row:
    """One contender of a leaderboard. `judges` is one judge's rating where that judge was asked for."""

    contender: Contender
    judges: Rating | None
    humans: Rating | None
    published: PublishedRating | None
    corrected: Rating | None = None  # what endless votes would say, as far as votes and judges together tell
    panel: Rating | None = None  # all judges' rating, whoever was asked for
    by_people: bool = False
    before: Rating | None = None  # `standing` as it was 30 days earlier
    change: Difference | None = None

    @property
    def standing(self) -> Rating | None:
        """The rating that gives the model its place."""
        return self.humans if self.by_people else self.judges

    @property
    def is_ranked(self) -> bool:
        return self.standing is not None and self.standing.rating is not None

    @property
    def difference(self) -> Difference | None:
        """Judges' rating minus humans', where both are measured."""
        return difference(self.judges, self.humans)

    @property
    def shift(self) -> Difference | None:
        """Of the rating that gives the model its place."""
        return style_shift(self.standing)

    @property
    def usd_per_answer(self) -> Decimal | None:
        """What its answers here cost on average by today's price; None: no price, or tokens that nobody counted."""
        price = self.contender.endpoint.price if self.contender.endpoint else None
        told = self.panel
        if price is None or told is None or told.tokens_in is None or told.tokens_out is None:
            return None
        return (Decimal(told.tokens_in) * price.read + Decimal(told.tokens_out) * price.written) / MILLION

    @property
    def usd_per_win(self) -> Decimal | None:
        """An answer's cost over the share of points it wins: what one won match takes. None without a win."""
        cost, won = self.usd_per_answer, self.standing.win_rate if self.standing else None
        return cost / Decimal(won) if cost is not None and won else None


def leaderboard_table(leaderboard: Leaderboard, rater: Rater = ALL_JUDGES) -> list[Row]:
    """The rows of a snapshot, best first in the eyes of the rater; those it did not rate by the other side."""
    own = Q(judge=None) | Q(judge=rater.judge) if rater.judge else Q(judge=None)
    published = Prefetch(
        "contender__published_ratings", PublishedRating.objects.order_by("-published_on"), to_attr="published"
    )
    ratings = leaderboard.ratings.filter(own).select_related("contender__endpoint").prefetch_related(published)
    by_contender: dict[int, dict[str, Rating]] = {}
    for rating in ratings:
        by_contender.setdefault(rating.contender_id, {})[rating.by] = rater.seen(rating)
    before = earlier_ratings(leaderboard, rater)
    moved = changes((found[rater.by] for found in by_contender.values() if rater.by in found), before)
    rows = [_row(found, rater, before.get(key), moved.get(key)) for key, found in by_contender.items()]
    return sorted(rows, key=_place)


def _row(found: dict[str, Rating], rater: Rater, before: Rating | None, change: Difference | None) -> Row:
    contender = next(iter(found.values())).contender
    published = getattr(contender, "published", [])
    return Row(
        contender=contender,
        judges=found.get(Rating.By.JUDGE if rater.judge else Rating.By.JUDGES),
        humans=found.get(Rating.By.HUMANS),
        published=published[0] if published else None,
        corrected=found.get(Rating.By.CORRECTED),
        panel=found.get(Rating.By.JUDGES),
        by_people=rater.is_people,
        before=before,
        change=change,
    )


def _place(row: Row) -> tuple:
    sides = (row.humans, row.judges) if row.by_people else (row.judges, row.humans)
    known = [side.rating if side else None for side in sides]
    return (*((value is None, -(value or 0)) for value in known), row.contender.name)
