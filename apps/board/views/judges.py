from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.board.context import read_context
from apps.board.kept import kept
from apps.board.share import share_page
from apps.ratings.judge_scorecard import judge_scorecards
from apps.ratings.models import Board
from apps.ratings.queries import headline_agreement


@require_safe
@kept
def judges(request: HttpRequest) -> HttpResponse:
    """Every judge version, or the one whose ranking is looked at."""
    context = read_context(request, list(Board.objects.all()))
    selection = context.selection if context else None
    leaderboard = selection.leaderboard if selection else None
    _, ceiling = headline_agreement(leaderboard) if leaderboard else (None, None)
    shown = {
        "context": context,
        "board": selection.board if selection else None,
        "ceiling": ceiling if ceiling and ceiling.n else None,
        "share": share_page(request, f"Judges on {context.board.title}" if context else "Judges", context),
        "scorecards": judge_scorecards(leaderboard, selection.rater.judge if selection else None),
    }
    return render(request, "board/judges.html", shown)
