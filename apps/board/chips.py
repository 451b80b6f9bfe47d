"""What can be chosen in the context of a page: as fields of its form, or as chips, which are one link each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext

from apps.board.templatetags.figures import usd
from apps.judging.queries import judge_key
from apps.ratings.models import Board
from apps.ratings.narrowing import CLOSED, OPEN, Narrowing
from apps.ratings.rater import CONTROLLED, PEOPLE
from apps.ratings.selection import Selection

PRICES = ("0.5", "1", "5", "15")  # dollars per million tokens written

To = Callable[..., str]  # the page with other words


@dataclass(frozen=True)
class Chip:
    label: str
    url: str
    chosen: bool


@dataclass(frozen=True)
class Option:
    word: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    options: tuple[Option, ...]


def fields(boards: Sequence[Board], selection: Selection) -> tuple[Field, ...]:
    """Those that leave a choice."""
    every = (
        Field(
            "board", gettext("Board"), _options(((board.slug, str(board)) for board in boards), selection.board.slug)
        ),
        Field("release", gettext("Release"), _releases(selection)),
        Field("rater", gettext("Ranked by"), _raters(selection)),
        Field(
            "style",
            gettext("Style"),
            _options((("", gettext("Counts")), (CONTROLLED, gettext("Left aside"))), selection.rater.style),
        ),
    )
    return tuple(field for field in every if len(field.options) > 1)


def _options(known, chosen: str) -> tuple[Option, ...]:
    return tuple(Option(word, label, word == chosen) for word, label in known)


def _releases(selection: Selection) -> tuple[Option, ...]:
    """The newest stands there twice: as the latest, whatever comes, and as that of its day, for good."""
    if len(selection.releases) < 2 and not selection.release:
        return ()
    dated = ((release.key, written(release.day)) for release in selection.releases)
    return _options((("", gettext("Latest")), *dated), selection.release.key if selection.release else "")


def _raters(selection: Selection) -> tuple[Option, ...]:
    judges = ((judge_key(judge), str(judge)) for judge in selection.judges)
    panel = gettext("All judges") if selection.judges else gettext("Judges")
    return _options((("", panel), *judges, (PEOPLE, gettext("People"))), selection.rater.key)


def written(day: date) -> str:
    return date_format(day, gettext("j M Y"))


def category_chips(selection: Selection, to: To) -> tuple[Chip, ...]:
    """None where there is nothing to choose between."""
    if len(selection.categories) < 2:
        return ()
    every = Chip(gettext("All categories"), to(category=""), selection.category is None)
    each = (Chip(known.name, to(category=known.slug), known == selection.category) for known in selection.categories)
    return (every, *each)


def weights_chips(asked: Narrowing, to: To) -> tuple[Chip, ...]:
    words = {gettext("Any weights"): "", gettext("Open"): OPEN, gettext("Closed"): CLOSED}
    return tuple(Chip(label, to(weights=word), asked.weights == word) for label, word in words.items())


def price_chips(asked: Narrowing, to: To) -> tuple[Chip, ...]:
    words = sorted({*PRICES, *([asked.max_price] if asked.max_price else ())}, key=Decimal)
    chips = (Chip(f"≤ {usd(Decimal(word))}", to(max_price=word), asked.max_price == word) for word in words)
    return (Chip(gettext("Any price"), to(max_price=""), not asked.max_price), *chips)
