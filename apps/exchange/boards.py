"""Which boards imported evidence makes, and whose verdicts count on each."""

from collections.abc import Iterable

from django.db.models import Count

from apps.judging.models import Judge, Judgment
from apps.prompts.models import PromptSet
from apps.ratings.models import Board
from apps.ratings.operations import ensure_board

BEHIND = 200  # position of the boards of further judges: never the home page


def boards_of_import(*, slug: str, prompt_set: PromptSet, judges: set[int]) -> list[Board]:
    """The board `slug`, and one board `slug`-`judge` for each imported judge whose verdicts do not count there.

    Ratings by two judges are two rankings, so a board made by an import names one judge: the one whose verdicts meet
    the most human votes. It keeps that judge as long as any of its verdicts meet a vote.
    """
    title = f"{prompt_set.title} (imported)"
    board = ensure_board(slug=slug, title=title)
    board.prompt_sets.add(prompt_set)
    _name_judge(board, prompt_set)
    named = set(board.judges.values_list("pk", flat=True))
    others = Judge.objects.filter(pk__in=judges - named) if named else Judge.objects.none()
    return [board, *(_board_of_judge(board, prompt_set, judge) for judge in others)]


def own_board(prompt_set: PromptSet) -> Board:
    """The board of a private set: private to the same person, and called like it."""
    about = {"title": prompt_set.title, "position": BEHIND, "private_to": prompt_set.private_to}
    board = ensure_board(slug=prompt_set.slug, **about)
    board.prompt_sets.add(prompt_set)
    return board


def _name_judge(board: Board, prompt_set: PromptSet) -> None:
    if _met_by_votes(prompt_set, board.judges.values_list("pk", flat=True)) or _is_live(board):
        return
    spoke = Judge.objects.filter(judgments__match__prompt__prompt_set=prompt_set, endpoint=None).distinct()
    best = max(spoke, key=lambda judge: (*_weight(prompt_set, judge), -judge.pk), default=None)
    if best:
        board.judges.set([best])


def _is_live(board: Board) -> bool:
    """Judges of this site speak on it, so its list of judges was made by people."""
    asked = Judgment.objects.filter(match__prompt__prompt_set__in=board.prompt_sets.all())
    return asked.filter(judge__endpoint__isnull=False).exists()


def _weight(prompt_set: PromptSet, judge: Judge) -> tuple[int, int]:
    said = Judgment.objects.filter(judge=judge, match__prompt__prompt_set=prompt_set).count()
    return _met_by_votes(prompt_set, [judge.pk]), said


def _met_by_votes(prompt_set: PromptSet, judges: Iterable[int]) -> int:
    """Matches on which both one of the judges and a person spoke."""
    met = Judgment.objects.filter(judge__in=judges, match__prompt__prompt_set=prompt_set, match__votes__isnull=False)
    return met.aggregate(n=Count("match", distinct=True))["n"]


def _board_of_judge(board: Board, prompt_set: PromptSet, judge: Judge) -> Board:
    slug = f"{board.slug}-{judge.slug}"[:60]
    further = ensure_board(slug=slug, title=f"{prompt_set.title} by {judge.name}"[:120], position=BEHIND)
    further.prompt_sets.add(prompt_set)
    further.judges.set([judge])
    return further
