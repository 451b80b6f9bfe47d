"""The figures of a snapshot: due when it is stored, drawn by a worker afterwards, so that no rating waits for them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from apps.contenders.models import Contender
from apps.prompts.models import PromptSet
from apps.ratings.models import Board, Figure, Leaderboard
from apps.ratings.told import Column, Told
from apps.ratings.told.card import CARD
from apps.ratings.told.model import model_told

ON_BOARD = ("ratings", "judges-and-people")
ON_AGREEMENT = ("raters", "confusion", "calibration", "agreement-by-gap")
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
    return leaderboard.figures.filter(contender=None).exists()


def undrawn(leaderboard: Leaderboard) -> list[Figure]:
    """Figures of models that somebody looked for."""
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
    """All or those of these names, in the order in which they are shown, without rows; none before they are drawn.

    With the name of the picture to be shown elsewhere among them, that too.
    """
    if leaderboard is None:
        return []
    drawn = leaderboard.figures.filter(contender=None).defer("rows", "png")
    return list(drawn.filter(name__in=names) if names else drawn.exclude(name=CARD))


def newest_card(prompt_set: PromptSet) -> list[Figure]:
    """The picture of a board of these prompts: one, or none."""
    cards = Figure.objects.filter(name=CARD, contender=None, leaderboard__category=None)
    of_prompts = cards.filter(leaderboard__board__prompt_sets=prompt_set).defer("rows", "png")
    return list(of_prompts.order_by("-leaderboard__fitted_at", "-pk")[:1])


def without_card(figures: Iterable[Figure]) -> list[Figure]:
    """Those that the page itself shows."""
    return [figure for figure in figures if figure.name != CARD]


def figures_of_model(leaderboard: Leaderboard | None, contender: Contender, now: datetime) -> list[Figure]:
    """Those told of it; whoever looks first has them drawn."""
    if leaderboard is None:
        return []
    found = list(leaderboard.figures.filter(contender=contender).defer("rows", "png"))
    return found or _want_of_model(leaderboard, contender, now)


def _want_of_model(leaderboard: Leaderboard, contender: Contender, now: datetime) -> list[Figure]:
    told = model_told(leaderboard, contender)
    if not told:
        return []
    Figure.objects.bulk_create(
        [figure_of(leaderboard, one, contender=contender) for one in told], ignore_conflicts=True
    )
    Leaderboard.objects.filter(pk=leaderboard.pk, draw_at=None).update(draw_at=now)
    return list(leaderboard.figures.filter(contender=contender).defer("rows", "png"))


def figure_of(leaderboard: Leaderboard, told: Told, *, contender: Contender | None = None, svg: str = "") -> Figure:
    """Not stored yet."""
    return Figure(
        leaderboard=leaderboard,
        contender=contender,
        name=told.name,
        title=told.title,
        caption=told.caption,
        summary=told.summary,
        svg=svg,
        columns=told.columns,
        rows=list(told.rows),
        n_rows=len(told.rows),
    )


def told_by(figure: Figure) -> Told:
    """What a stored figure tells."""
    columns = tuple(Column(*column) for column in figure.columns)
    return Told(figure.name, figure.title, figure.caption, figure.summary, columns, tuple(figure.rows))
