from datetime import date, datetime

from django.db.models import Max

from apps.judging.models import Judge
from apps.prompts.models import Category
from apps.ratings.evidence import board_judgments, board_votes
from apps.ratings.models import Agreement, Board, Leaderboard, RankAgreement, Rating

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
    return Board.objects.public().first()


def latest_leaderboard(
    board: Board, category: Category | None = None, *, day: date | None = None
) -> Leaderboard | None:
    """The newest snapshot, or the newest of a day."""
    found = Leaderboard.objects.filter(board=board, category=category).select_related("board", "category")
    return (found.filter(fitted_at__date=day) if day else found).first()


def board_categories(board: Board) -> tuple[Category, ...]:
    """The categories of its prompts."""
    return tuple(Category.objects.filter(prompts__prompt_set__boards=board).distinct())


def rating_judges(leaderboard: int) -> tuple[Judge, ...]:
    """The judges whose ratings stand in the snapshot of that key beside those of all judges together."""
    rated = Rating.objects.filter(leaderboard_id=leaderboard, by=Rating.By.JUDGE).order_by().values("judge").distinct()
    return tuple(Judge.objects.filter(pk__in=rated).select_related("endpoint"))


def headline_agreement(
    leaderboard: Leaderboard, judge: Judge | None = None
) -> tuple[Agreement | None, Agreement | None]:
    """The two figures of the agreement sentence: the judges against the humans, and the humans against each other.

    Each vote counted, all turns together, every voter, ties kept. With a judge: that one alone against the humans.
    """
    rows = leaderboard.agreements.filter(right=HUMANS, unit=Agreement.Unit.VOTE, turn=None, raters="all", ties="kept")
    told = (row for row in rows if row.left != HUMANS and (judge is None or row.judge_id == judge.pk))
    panel = sorted(told, key=lambda row: row.left != JUDGES)
    ceiling = [row for row in rows if row.left == HUMANS]
    return (panel[0] if panel else None), (ceiling[0] if ceiling else None)


def agreement_by_judge(leaderboard: Leaderboard) -> dict[int, Agreement]:
    """Each judge against the humans, counted as in `headline_agreement`; without those nobody voted beside."""
    rows = leaderboard.agreements.filter(
        unit=Agreement.Unit.VOTE, turn=None, raters="all", ties="kept", judge__isnull=False, n__gt=0
    )
    return {row.judge_id: row for row in rows if row.judge_id}


def headline_rank_agreement(leaderboard: Leaderboard, judge: Judge | None = None) -> RankAgreement | None:
    """The ranking by all judges, or by one, against the humans'."""
    return leaderboard.rank_agreements.filter(left=str(judge or JUDGES), right=HUMANS).first()


def agreement_table(leaderboard: Leaderboard) -> list[Agreement]:
    return list(leaderboard.agreements.order_by("pk"))
