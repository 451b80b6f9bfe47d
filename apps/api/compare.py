"""Two models against each other as JSON: what the page says, from the query behind it."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from apps.api.compare_schemas import CompareOut
from apps.api.schemas import Problem
from apps.api.unknown import no_such, problem, unknown_word
from apps.contenders.queries import contender_slugs, contenders_by_slug
from apps.ratings.duel_matches import Listing, Show, listing
from apps.ratings.head_to_head import Duel, duel
from apps.ratings.model_record import boards_of
from apps.ratings.queries import home_board
from apps.ratings.selection import select

router = Router()


@router.get("/compare/{a}/{b}", response={200: CompareOut, 404: Problem}, url_name="compare")
def compare(
    request: HttpRequest,
    a: str,
    b: str,
    board: str = "",
    category: str = "",
    release: str = "",
    rater: str = "",
    show: Show = Show.ALL,
    page: int = 1,
) -> Any:
    """How often `a` beats `b` on a board, by judges (or one judge, `rater`) and by people, on the matches of today.

    `show` and `page` choose among the matches.
    """
    found = contenders_by_slug(a, b)
    if unknown := next((slug for slug in (a, b) if slug not in found), None):
        return no_such("model", unknown, contender_slugs())
    if a == b:
        return problem("A model cannot be compared with itself.")
    boards = boards_of(found[a], found[b])
    chosen = next((known for known in boards if known.slug == board), None) if board else [*boards, home_board()][0]
    if chosen is None:
        known = ", ".join(known.slug for known in boards) or "none"
        return problem(f"The two do not both stand on a board {board!r}; they do on: {known}.")
    selection = select(chosen, category=category, release=release, rater=rater)
    if selection.unknown:
        return unknown_word(selection)
    told = duel(found[a], found[b], selection)
    return _answer(told, listing(told, show, page))


def _answer(told: Duel, listed: Listing) -> dict[str, Any]:
    own = ("simulated", "n_matches", "n_judgments", "n_votes", "judges", "people", "same", "each_judge", "categories")
    return {
        "a": told.one.slug,
        "b": told.other.slug,
        "board": told.board.slug,
        "category": told.category.slug if told.category else None,
        "rater": told.selection.rater.key,
        **{name: getattr(told, name) for name in own},
        "show": listed.show,
        "lists": {preset.value: n for preset, n in listed.counts.items()},
        "page": listed.page.number,
        "pages": listed.page.paginator.num_pages,
        "matches": listed.matches,
    }
