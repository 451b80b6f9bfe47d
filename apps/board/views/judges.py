from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.board.views.boards import chosen_board
from apps.ratings.judge_scorecard import judge_scorecards
from apps.ratings.models import Board
from apps.ratings.queries import headline_agreement, latest_leaderboard


@require_safe
def judges(request: HttpRequest) -> HttpResponse:
    board = chosen_board(request)
    leaderboard = latest_leaderboard(board) if board else None
    _, ceiling = headline_agreement(leaderboard) if leaderboard else (None, None)
    context = {
        "board": board,
        "boards": list(Board.objects.all()),
        "ceiling": ceiling if ceiling and ceiling.n else None,
        "scorecards": judge_scorecards(leaderboard),
    }
    return render(request, "board/judges.html", context)
