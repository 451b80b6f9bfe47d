from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from apps.board.context import Context, read_context
from apps.board.kept import kept
from apps.board.lists import shown_list
from apps.board.missing import missing
from apps.board.share import share_page
from apps.judging.queries import judge_by_key, judge_keys, judge_versions, told_to
from apps.ratings.board_state import nearest
from apps.ratings.judge_matches import Show, judged_matches
from apps.ratings.judge_scorecard import boards_judged_by, judge_scorecards
from apps.ratings.models import Board


@require_safe
@kept
def judges(request: HttpRequest) -> HttpResponse:
    """Every judge version, or the one whose ranking is looked at."""
    context = read_context(request, list(Board.objects.seen_by(request.user)))
    selection = context.selection if context else None
    shown = {
        "context": context,
        "board": selection.board if selection else None,
        "share": share_page(
            request,
            gettext("Judges on {board}").format(board=context.board.title) if context else gettext("Judges"),
            context,
            api=_api(request, context, "judges"),
        ),
        "scorecards": judge_scorecards(selection, selection.rater.judge if selection else None),
    }
    return render(request, "board/judges.html", shown)


@require_safe
def judge(request: HttpRequest, key: str) -> HttpResponse:
    """One version of a judge."""
    found = judge_by_key(key)
    if found is None:
        sentence = gettext("There is no judge called “{word}”.").format(word=key)
        return missing(request, sentence, "board:judge", nearest(key, judge_keys()))
    context = read_context(
        request, boards_judged_by(found, request.user) or list(Board.objects.public()[:1]), own=("show",)
    )
    show = Show.DISPUTED
    if context:
        context, show = shown_list(request, context, Show.DISPUTED, gettext("those people see otherwise"))
    scorecards = judge_scorecards(context.selection if context else None, found)
    shown = {
        "context": context,
        "board": context.board if context else None,
        "judge": found,
        "share": share_page(
            request, gettext("{judge}, a judge").format(judge=found), context, api=_api(request, context, "judge", key)
        ),
        "scorecards": scorecards,
        "card": scorecards.judges[0],
        "versions": judge_versions(found),
        "messages_told": told_to(found),
        "shows": list(Show),
        "show": show,
        "matches": judged_matches(found, context.selection, show) if context else (),
    }
    return render(request, "board/judge.html", shown)


def _api(request: HttpRequest, context: Context | None, name: str, *args: str) -> str:
    return request.build_absolute_uri(reverse(f"api:{name}", args=args) + (context.carried if context else ""))
