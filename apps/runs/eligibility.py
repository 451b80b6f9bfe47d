"""Who may judge on a board: the strong by their own human rating, those who agree with people, and whom a maintainer
admitted."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from apps.judging.models import Judge
from apps.ratings.models import Board
from apps.ratings.queries import agreement_by_judge, headline_agreement, latest_leaderboard


def eligible(judges: QuerySet[Judge], board: Board) -> QuerySet[Judge]:
    strong = Q(human_elo__gte=settings.JUDGE_LEAST_HUMAN_ELO)
    return judges.filter(Q(admitted=True) | strong | Q(pk__in=_agreeing(board)))


def why_not(judges: Sequence[Judge], board: Board) -> str:
    """In a sentence, which of the judges may not judge, and what would let it; empty if all may."""
    may = set(eligible(Judge.objects.filter(pk__in=[judge.pk for judge in judges]), board).values_list("pk", flat=True))
    refused = next((judge for judge in judges if judge.pk not in may), None)
    if refused is None:
        return ""
    elo = gettext("not known") if refused.human_elo is None else f"{refused.human_elo:g}"
    return gettext(
        "{judge} may not judge on {board}: its human Elo is {elo}, where {least} is the least, and it is not measured "
        "to agree with people as far as people agree with each other. A maintainer can admit it in the admin."
    ).format(judge=refused, board=board, elo=elo, least=settings.JUDGE_LEAST_HUMAN_ELO)


def _agreeing(board: Board) -> list[int]:
    """Judges whose agreement with people on the board reaches the interval of people's agreement with each other."""
    leaderboard = latest_leaderboard(board)
    ceiling = headline_agreement(leaderboard)[1] if leaderboard else None
    if leaderboard is None or ceiling is None or ceiling.lower is None:
        return []
    measured = agreement_by_judge(leaderboard).items()
    return [judge for judge, row in measured if row.agreement is not None and row.agreement >= ceiling.lower]
