"""One prompt as JSON: what its page says, from the query behind it."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from apps.api.compare_schemas import ShareOut
from apps.api.schemas import Problem
from apps.api.unknown import problem, unknown_word
from apps.prompts.queries import place_in, prompt_set
from apps.ratings.prompt_record import boards_with, prompt_record
from apps.ratings.selection import select

router = Router()


class ItemOut(Schema):
    """What the prompt tells of the models: see `judgeboard.arena.items`."""

    undecided: ShareOut
    bad: ShareOut
    stronger: ShareOut
    expected: float | None
    discrimination: float | None
    lower: float | None
    upper: float | None


class MetOut(Schema):
    match: int
    opponent: str
    outcome: str


class AnswerOut(Schema):
    model: str = Field(alias="output.contender.slug")
    texts: list[str] = Field(alias="output.texts")
    judges: ShareOut
    people: ShareOut
    met: list[MetOut]


class PromptOut(Schema):
    """Shares are of points, a tie being half; null is "not measured", never 0."""

    prompt_set: str
    version: int
    n: int
    of: int
    prompt: str
    category: str
    language: str
    messages: list[dict[str, Any]]
    board: str | None
    n_matches: int
    n_judgments: int
    n_votes: int
    item: ItemOut | None
    page: int
    pages: int
    answers: list[AnswerOut]


@router.get("/prompts/{slug}/{n}", response={200: PromptOut, 404: Problem}, url_name="prompt")
def prompt(
    request: HttpRequest,
    slug: str,
    n: int,
    version: int | None = None,
    board: str = "",
    release: str = "",
    rater: str = "",
    style: str = "",
    page: int = 1,
) -> Any:
    """The n-th prompt of a set, its newest version unless said otherwise, with every model's answer."""
    found = prompt_set(slug, version)
    place = place_in(found, n) if found else None
    if found is None or place is None:
        return problem(f"There is no prompt {n} in a set {slug!r}.")
    boards = boards_with(place.prompt)
    chosen = next((known for known in boards if known.slug == board), None) if board else next(iter(boards), None)
    if board and chosen is None:
        return problem(f"The prompt is not on a board {board!r}.")
    selection = select(chosen, release=release, rater=rater, style=style) if chosen else None
    if selection and selection.unknown:
        return unknown_word(selection)
    told = prompt_record(place.prompt, selection, page)
    own = ("n_matches", "n_judgments", "n_votes", "item", "answers")
    return {
        "prompt_set": found.slug,
        "version": found.version,
        "n": place.n,
        "of": place.of,
        "prompt": place.prompt.key,
        "category": place.prompt.category.slug,
        "language": place.prompt.language,
        "messages": place.prompt.messages,
        "board": chosen.slug if chosen else None,
        **{name: getattr(told, name) for name in own},
        "page": told.page.number,
        "pages": told.page.paginator.num_pages,
    }
