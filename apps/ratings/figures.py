"""The figures of a snapshot: due when it is stored, drawn by a worker afterwards, so that no rating waits for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from apps.contenders.models import Contender
from apps.prompts.models import PromptSet
from apps.prompts.privacy import Viewer
from apps.ratings.models import Board, Figure, Leaderboard
from apps.ratings.rater import Rater
from apps.ratings.selection import Selection
from apps.ratings.told import Column, Told
from apps.ratings.told.board import OF_EVERY_RATER, ORDER, board_told
from apps.ratings.told.card import CARD
from apps.ratings.told.model import model_told
from apps.ratings.told.prompts import MAP, view_of

ON_BOARD = ("ratings", "judges-and-people")
ON_AGREEMENT = ("raters", "confusion", "calibration", "agreement-by-gap", "votes-needed")
LARGE = ("rows", "png")  # what a page that shows many figures does not need
LEASE = timedelta(minutes=2)  # after which a snapshot whose worker died is due again


def due_snapshots(now: datetime) -> tuple[int, ...]:
    """Snapshots whose figures are to be drawn now."""
    return tuple(Leaderboard.objects.filter(draw_at__lte=now).order_by("draw_at").values_list("pk", flat=True))


def want_figures(*, board: Board, now: datetime) -> None:
    """Those of the newest snapshots of the board, over all categories and of each, are to be drawn now, and anew."""
    newest: dict[int | None, int] = {}
    for key, category in board.leaderboards.values_list("pk", "category"):
        newest.setdefault(category, key)
    Figure.objects.filter(leaderboard__in=newest.values()).delete()
    Leaderboard.objects.filter(pk__in=newest.values()).update(draw_at=now)


def claim_snapshot(*, leaderboard_id: int, now: datetime) -> Leaderboard | None:
    """The snapshot to draw, kept from others for a while; None if it is gone, drawn, or somebody else's."""
    if not Leaderboard.objects.filter(pk=leaderboard_id, draw_at__lte=now).update(draw_at=now + LEASE):
        return None
    return Leaderboard.objects.select_related("board", "category").filter(pk=leaderboard_id).first()


def is_drawn(leaderboard: Leaderboard) -> bool:
    """Whether the figures of the whole board are there; nothing of them changes any more."""
    return leaderboard.figures.filter(contender=None, view="").exists()


def undrawn(leaderboard: Leaderboard) -> list[Figure]:
    """Figures of models, and of other views of the board, that somebody looked for."""
    return list(leaderboard.figures.filter(svg="", problem=""))


@transaction.atomic
def store_figures(*, leaderboard_id: int, figures: Sequence[Figure], now: datetime) -> None:
    """New ones if they could be drawn, and the drawings of those that were told already, or why there is none.

    A snapshot superseded while it was drawn needs none. What was wanted meanwhile is due at once.
    """
    if not Leaderboard.objects.select_for_update().filter(pk=leaderboard_id).exists():
        return
    told = [figure for figure in figures if figure.pk]
    Figure.objects.bulk_update(told, ["svg", "png", "problem"])
    new = [figure for figure in figures if figure.svg and not figure.pk]
    Figure.objects.bulk_create(new, ignore_conflicts=True)
    wanted = Figure.objects.filter(leaderboard=leaderboard_id, svg="", problem="")
    wanted = wanted.exclude(pk__in=[figure.pk for figure in told])
    Leaderboard.objects.filter(pk=leaderboard_id).update(draw_at=now if wanted.exists() else None)


def figures_of(leaderboard: Leaderboard | None, *names: str) -> list[Figure]:
    """All or those of these names, in the order in which they are shown, without rows; none before they are drawn."""
    if leaderboard is None:
        return []
    drawn = leaderboard.figures.filter(contender=None, view="").exclude(name=CARD).defer(*LARGE)
    return list(drawn.filter(name__in=names) if names else drawn)


def card_of(leaderboard: Leaderboard | None, rater: Rater, contender: Contender | None = None) -> Figure | None:
    """What other sites show beside a link to the board, or to one model on it, once it is drawn."""
    if leaderboard is None:
        return None
    return _cards().filter(leaderboard=leaderboard, contender=contender, view=rater.view).first()


def card_of_prompts(prompt_set: PromptSet) -> Figure | None:
    """That of the newest snapshot of a public board of these prompts."""
    boards = Board.objects.public().filter(prompt_sets=prompt_set)
    cards = _cards().filter(contender=None, view="", leaderboard__category=None, leaderboard__board__in=boards)
    return cards.order_by("-leaderboard__fitted_at", "-pk").first()


def map_of(prompt_set: PromptSet, viewer: Viewer) -> Figure | None:
    """How hard its prompts are and how far each tells strong from weak, by the newest snapshot that knows."""
    boards = Board.objects.seen_by(viewer).filter(prompt_sets=prompt_set)
    maps = Figure.objects.filter(name=MAP, view=view_of(prompt_set), leaderboard__board__in=boards)
    maps = maps.select_related("leaderboard__board", "leaderboard__category").defer("png")
    return maps.order_by("-leaderboard__fitted_at", "-pk").first()


def _cards() -> QuerySet[Figure]:
    return Figure.objects.filter(name=CARD).exclude(svg="").defer(*LARGE)


@dataclass(frozen=True)
class Shown:
    """`own`: of the view that was chosen, or of every rater at once. `others`: of all judges, style counting."""

    own: tuple[Figure, ...] = ()
    others: tuple[Figure, ...] = ()

    @property
    def is_drawn(self) -> bool:
        return not any(figure.is_awaited for figure in self.own)


def figures_in_view(selection: Selection, now: datetime, *names: str) -> Shown:
    """All or those of these names. What another view than that of all judges has of its own is drawn when it is first
    looked at, once the board's own figures are there; what it has not is told of all judges."""
    board, view = figures_of(selection.leaderboard, *names), selection.rater.view
    if not view or selection.leaderboard is None or not (board or is_drawn(selection.leaderboard)):
        return Shown(tuple(board))
    found = _wanted(selection.leaderboard, None, selection.rater, now)
    own = {figure.name: figure for figure in found if not names or figure.name in names}
    own |= {figure.name: figure for figure in board if figure.name in OF_EVERY_RATER}
    ordered = tuple(own[name] for name in ORDER if name in own)
    return Shown(ordered, tuple(figure for figure in board if figure.name not in own))


def figures_of_model(selection: Selection, contender: Contender, now: datetime) -> list[Figure]:
    """Those told of it in the eyes of the rater; whoever looks first has them drawn."""
    return _wanted(selection.leaderboard, contender, selection.rater, now) if selection.leaderboard else []


def _wanted(leaderboard: Leaderboard, contender: Contender | None, rater: Rater, now: datetime) -> list[Figure]:
    """Those of one model, or of the board, in a view; told now and drawn in a moment where nobody looked before."""
    kept = leaderboard.figures.filter(contender=contender, view=rater.view).defer(*LARGE)
    if found := list(kept):
        return _without_card(found)
    told = model_told(leaderboard, contender, rater) if contender else board_told(leaderboard, rater)
    if not told:
        return []
    Figure.objects.bulk_create(
        [figure_of(leaderboard, one, contender=contender, view=rater.view) for one in told], ignore_conflicts=True
    )
    Leaderboard.objects.filter(pk=leaderboard.pk, draw_at=None).update(draw_at=now)
    return _without_card(kept.all())


def _without_card(figures: Iterable[Figure]) -> list[Figure]:
    """Those that the page itself shows."""
    return [figure for figure in figures if figure.name != CARD]


def figure_of(
    leaderboard: Leaderboard, told: Told, *, contender: Contender | None = None, view: str = "", svg: str = ""
) -> Figure:
    """Not stored yet; its words in English, and beside them in every other language."""
    others = [language for language, _ in settings.LANGUAGES if language != settings.LANGUAGE_CODE]
    return Figure(
        leaderboard=leaderboard,
        contender=contender,
        view=view,
        name=told.name,
        **_words(told, settings.LANGUAGE_CODE),
        translations={language: _words(told, language) for language in others},
        svg=svg,
        rows=list(told.rows),
        n_rows=len(told.rows),
    )


def _words(told: Told, language: str) -> dict[str, Any]:
    with translation.override(language):
        return {
            "title": str(told.title),
            "caption": str(told.caption),
            "summary": str(told.summary),
            "columns": [(key, str(heading), form) for key, heading, form in told.columns],
        }


def told_by(figure: Figure) -> Told:
    """What a stored figure tells."""
    columns = tuple(Column(*column) for column in figure.columns)
    return Told(figure.name, figure.title, figure.caption, figure.summary, columns, tuple(figure.rows))
