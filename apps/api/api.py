"""The pages as JSON. Each answer comes from the very query behind its page."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import NinjaAPI

from apps.api import compare, judges, prompts
from apps.api.schemas import LeaderboardOut, Problem, StatusOut
from apps.api.unknown import no_such, unknown_word
from apps.ratings.board_state import BoardState, board_state
from apps.ratings.leaderboard_rows import flat_rows
from apps.ratings.models import Board
from apps.ratings.selection import select
from apps.runs import status as installation
from judgeboard import __version__

api = NinjaAPI(title="judgeboard", version=__version__, urls_namespace="api", docs_url=None)
api.add_router("", compare.router)
api.add_router("", judges.router)
api.add_router("", prompts.router)


@api.get("/boards/{slug}/leaderboard", response={200: LeaderboardOut, 404: Problem}, url_name="leaderboard")
def leaderboard(
    request: HttpRequest, slug: str, category: str = "", release: str = "", rater: str = "", style: str = ""
) -> Any:
    """The newest snapshot of a board or the last of a day (`release=2025-03-04`), over all categories or within one.

    `rater`: `people` or the name of a judge in addresses; without it, all judges together. `style=controlled`: ratings
    that leave length, headings, lists and bold type aside.
    """
    board = Board.objects.public().filter(slug=slug).first()
    if board is None:
        return no_such("board", slug, Board.objects.public().values_list("slug", flat=True))
    selection = select(board, release=release, rater=rater, category=category, style=style)
    if selection.unknown:
        return unknown_word(selection)
    return _answer(board_state(selection))


@api.get("/status", response=StatusOut, url_name="status")
def status(request: HttpRequest) -> Any:
    """What is asked, what waits and why, who works, and what was spent. Addresses and sums are told to maintainers."""
    return installation.status(now=timezone.now(), viewer=request.user)


def _answer(state: BoardState) -> dict[str, Any]:
    told = state.leaderboard
    return {
        "board": state.board.slug,
        "title": state.board.title,
        "category": state.category.slug if state.category else None,
        "release": told.fitted_at.date().isoformat() if told else None,
        "rater": state.selection.rater.key,
        "style": state.selection.rater.style,
        "fitted_at": told.fitted_at if told else None,
        "method": told.method if told else None,
        "tie_rule": told.tie_rule if told else None,
        "anchor": told.anchor if told else None,
        "prompt_sets": told.prompt_sets if told else [],
        "judges": told.judges if told else [],
        "n_judgments": told.n_judgments if told else 0,
        "n_open": told.n_open if told else 0,
        "n_unusable": told.n_unusable if told else 0,
        "n_votes": told.n_votes if told else 0,
        "judge_weight": told.judge_weight if told else None,
        "vote_worth": told.vote_worth if told else None,
        "evidence_digest": told.evidence_digest if told else None,
        "simulated": state.simulated,
        "trust": state.trust,
        "ceiling": state.ceiling,
        "rows": flat_rows(state.rows),
    }
