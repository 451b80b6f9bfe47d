from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Prefetch

from apps.contenders.models import Contender
from apps.prompts.models import Category
from apps.ratings.evidence import board_judgments, board_votes
from apps.ratings.models import Agreement, Board, Leaderboard, PublishedRating, RankAgreement, Rating

JUDGES, HUMANS = "judges", "humans"


def boards_with_newer_evidence(*, fitted_before: datetime) -> tuple[int, ...]:
    """The boards on which something was said since they were last fitted, if that was before `fitted_before`.

    Looks only at rows newer than the last fit, so its cost does not grow with what a board already holds.
    """
    moved = []
    for board in Board.objects.annotate(
        last=Max("leaderboards__evidence_until"), fitted=Max("leaderboards__fitted_at")
    ):
        if board.fitted is not None and board.fitted >= fitted_before:
            continue
        judgments, votes = board_judgments(board).answered(), board_votes(board)
        if board.last is not None:
            judgments, votes = judgments.filter(answered_at__gt=board.last), votes.filter(cast_at__gt=board.last)
        if judgments.exists() or votes.exists():
            moved.append(board.pk)
    return tuple(moved)


def home_board() -> Board | None:
    return Board.objects.first()


def latest_leaderboard(board: Board, category: Category | None = None) -> Leaderboard | None:
    return Leaderboard.objects.filter(board=board, category=category).select_related("board", "category").first()


@dataclass(frozen=True)
class Difference:
    """Of two independent ratings: the squares of their half-widths add."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Row:
    """One contender of a leaderboard: what the judges say, what the people say, what was published elsewhere."""

    contender: Contender
    judges: Rating | None
    humans: Rating | None
    published: PublishedRating | None
    corrected: Rating | None = None  # what endless votes would say, as far as votes and judges together tell

    @property
    def difference(self) -> Difference | None:
        """Judges' rating minus humans', where both are measured."""
        judged, voted = _measured(self.judges), _measured(self.humans)
        if judged is None or voted is None:
            return None
        value = judged.rating - voted.rating
        half = (judged.half_width**2 + voted.half_width**2) ** 0.5
        return Difference(value, value - half, value + half)


@dataclass(frozen=True)
class _Measured:
    rating: float
    half_width: float


def _measured(row: Rating | None) -> _Measured | None:
    if row is None or row.rating is None or row.lower is None or row.upper is None:
        return None
    return _Measured(row.rating, (row.upper - row.lower) / 2)


def leaderboard_table(leaderboard: Leaderboard) -> list[Row]:
    """The rows of a snapshot, best first by the judges' rating; those without one by the people's, then by name."""
    ratings = leaderboard.ratings.filter(judge=None).select_related("contender__endpoint")
    published = Prefetch(
        "contender__published_ratings", PublishedRating.objects.order_by("-published_on"), to_attr="published"
    )
    by_contender: dict[int, dict[str, Rating]] = {}
    for rating in ratings.prefetch_related(published):
        by_contender.setdefault(rating.contender_id, {})[rating.by] = rating
    rows = [_row(found) for found in by_contender.values()]
    return sorted(rows, key=_place)


def _row(found: dict[str, Rating]) -> Row:
    contender = next(iter(found.values())).contender
    judges, humans = found.get(Rating.By.JUDGES), found.get(Rating.By.HUMANS)
    published = getattr(contender, "published", [])
    return Row(contender, judges, humans, published[0] if published else None, found.get(Rating.By.CORRECTED))


def _place(row: Row) -> tuple:
    judged = row.judges.rating if row.judges else None
    voted = row.humans.rating if row.humans else None
    return (judged is None, -(judged or 0), voted is None, -(voted or 0), row.contender.name)


def headline_agreement(leaderboard: Leaderboard) -> tuple[Agreement | None, Agreement | None]:
    """The two figures of the agreement sentence: the judges against the humans, and the humans against each other.

    Each vote counted, all turns together, every voter, ties kept.
    """
    rows = leaderboard.agreements.filter(unit=Agreement.Unit.VOTE, turn=None, raters="all", ties="kept")
    panel = sorted((row for row in rows if row.left != HUMANS), key=lambda row: row.left != JUDGES)
    ceiling = [row for row in rows if row.left == HUMANS]
    return (panel[0] if panel else None), (ceiling[0] if ceiling else None)


def agreement_by_judge(leaderboard: Leaderboard) -> dict[int, Agreement]:
    """Each judge against the humans, counted as in `headline_agreement`; without those nobody voted beside."""
    rows = leaderboard.agreements.filter(
        unit=Agreement.Unit.VOTE, turn=None, raters="all", ties="kept", judge__isnull=False, n__gt=0
    )
    return {row.judge_id: row for row in rows if row.judge_id}


def headline_rank_agreement(leaderboard: Leaderboard) -> RankAgreement | None:
    return leaderboard.rank_agreements.filter(left=JUDGES, right=HUMANS).first()


def agreement_table(leaderboard: Leaderboard) -> list[Agreement]:
    return list(leaderboard.agreements.order_by("pk"))
