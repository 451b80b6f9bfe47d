"""Judges as JSON: what their pages say, from the queries behind them."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from apps.api.judge_schemas import JudgeOut, JudgesOut
from apps.api.schemas import Problem
from apps.api.unknown import no_such, problem, unknown_word
from apps.judging.queries import judge_by_key, judge_keys
from apps.ratings.judge_matches import Show, judged_matches
from apps.ratings.judge_scorecard import boards_judged_by, judge_scorecards
from apps.ratings.models import Board
from apps.ratings.selection import Selection, select

router = Router()
ANSWERS = {404: Problem}


@router.get("/judges", response={200: JudgesOut} | ANSWERS, url_name="judges")
def judges(request: HttpRequest, board: str = "", release: str = "", category: str = "") -> Any:
    """Every judge version on a board (without one: the first), and what those reach that do not read."""
    selection = _selected(list(Board.objects.public()), board, release=release, category=category)
    if isinstance(selection, Status):
        return selection
    return _where(selection) | vars(judge_scorecards(selection))


@router.get("/judges/{key}", response={200: JudgeOut} | ANSWERS, url_name="judge")
def judge(
    request: HttpRequest,
    key: str,
    board: str = "",
    release: str = "",
    category: str = "",
    show: Show = Show.DISPUTED,
) -> Any:
    """One version of a judge; `show` chooses among its matches."""
    found = judge_by_key(key)
    if found is None:
        return no_such("judge", key, judge_keys())
    boards = boards_judged_by(found) or list(Board.objects.public()[:1])
    selection = _selected(boards, board, release=release, category=category)
    if isinstance(selection, Status):
        return selection
    told = judge_scorecards(selection, found)
    matches = judged_matches(found, selection, show) if selection else ()
    return _where(selection) | {"card": told.judges[0], "ceiling": told.ceiling, "show": show, "matches": matches}


def _selected(boards: list[Board], board: str, **words: str) -> Selection | Status | None:
    """None where there is no board yet and none is asked for."""
    chosen = next((known for known in boards if known.slug == board), None) if board else next(iter(boards), None)
    if chosen is None:
        return problem(f"There is no board {board!r} here.") if board else None
    selection = select(chosen, **words)
    return unknown_word(selection) if selection.unknown else selection


def _where(selection: Selection | None) -> dict[str, Any]:
    return {
        "board": selection.board.slug if selection else None,
        "category": selection.category.slug if selection and selection.category else None,
        "fitted_at": selection.leaderboard.fitted_at if selection and selection.leaderboard else None,
    }
