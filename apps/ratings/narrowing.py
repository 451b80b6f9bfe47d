"""Part of a leaderboard, or all of it in another order. Ranks stay those of the whole."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import itemgetter
from typing import Any

from apps.ratings.board_state import BoardState, Group
from apps.ratings.difference import Difference
from apps.ratings.models import Rating
from apps.ratings.rows import Row

OPEN, CLOSED = "open", "closed"
DOLLARS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
BACKWARDS = "-"

Value = float | Decimal | str | None


def _rating(told: Rating | None) -> Value:
    return -told.rating if told and told.rating is not None else None


def _most(value: float | None) -> Value:
    return -value if value is not None else None


def _value(told: Difference | None) -> Value:
    return -told.value if told else None


def _price(row: Row) -> Decimal | None:
    """Of what a model writes: the dearer side."""
    price = row.contender.endpoint.price if row.contender.endpoint else None
    return price.written if price else None


# What sorts a column, the best first: names from A, prices from the cheapest, all else from the most.
SORTS: Mapping[str, Callable[[Row], Value]] = {
    "model": lambda row: row.contender.name.casefold(),
    "judges": lambda row: _rating(row.judges),
    "people": lambda row: _rating(row.humans),
    "difference": lambda row: _value(row.difference),
    "shift": lambda row: _value(row.shift),
    "corrected": lambda row: _rating(row.corrected),
    "published": lambda row: _most(row.published.rating if row.published else None),
    "wins": lambda row: _most(row.standing.win_rate if row.standing else None),
    "change": lambda row: _value(row.change),
    "price": _price,
    "win_cost": lambda row: row.usd_per_win,
    "judgments": lambda row: _most(row.judges.n if row.judges else None),
}


@dataclass(frozen=True)
class Narrowing:
    """Empty: all rows, by rank. `max_price`: dollars per million tokens written; a model without a price is over it."""

    name: str = ""
    organisation: str = ""
    weights: str = ""
    max_price: str = ""
    sort: str = ""

    @property
    def words(self) -> dict[str, str]:
        return {name: word for name, word in vars(self).items() if word}

    @property
    def is_filter(self) -> bool:
        return bool(self.words.keys() - {"sort"})

    def keeps(self, row: Row) -> bool:
        contender, price = row.contender, _price(row)
        return (
            self.name.casefold() in contender.name.casefold()
            and self.organisation in ("", contender.organisation)
            and (not self.weights or contender.open_weights is (self.weights == OPEN))
            and (not self.max_price or (price is not None and price <= Decimal(self.max_price)))
        )

    def sorted(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """What has no value there comes last in either direction."""
        value = SORTS[self.sort.removeprefix(BACKWARDS)]
        valued: list[tuple[Any, Row]] = [(value(row), row) for row in rows]
        known = [pair for pair in valued if pair[0] is not None]
        known.sort(key=itemgetter(0), reverse=self.sort.startswith(BACKWARDS))
        return (*(row for _, row in known), *(row for told, row in valued if told is None))


ALL_ROWS = Narrowing()


@dataclass(frozen=True)
class Table:
    """The rows that are shown. Sorted otherwise than by rank, they stand in one band a group."""

    groups: tuple[Group, ...]
    unranked: tuple[Row, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return (*(row for group in self.groups for row in group.rows), *self.unranked)

    @property
    def n(self) -> int:
        return len(self.rows)


def narrowing(words: Mapping[str, str], rows: Sequence[Row]) -> tuple[Narrowing, dict[str, str]]:
    """What the words ask for; and those left aside, by what they should have named, as they name nothing here."""
    asked = Narrowing(**{name: words.get(name, "").strip() for name in vars(ALL_ROWS)})
    known = {
        "organisation": asked.organisation in organisations(rows),
        "weights": asked.weights in (OPEN, CLOSED),
        "max_price": bool(DOLLARS.fullmatch(asked.max_price)),
        "sort": asked.sort.removeprefix(BACKWARDS) in SORTS,
    }
    unknown = {name: word for name, word in asked.words.items() if not known.get(name, True)}
    return replace(asked, **dict.fromkeys(unknown, "")), unknown


def organisations(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(sorted({row.contender.organisation for row in rows} - {""}, key=str.casefold))


def narrowed(state: BoardState, to: Narrowing) -> Table:
    groups = tuple(_within(group, to) for group in state.groups)
    unranked = [row for row in state.unranked if to.keeps(row)]
    shown = tuple(group for group in groups if group.rows)
    return Table(shown, to.sorted(unranked) if to.sort else tuple(unranked))


def _within(group: Group, to: Narrowing) -> Group:
    kept = (tuple(row for row in band if to.keeps(row)) for band in group.bands)
    bands = tuple(band for band in kept if band)
    if not to.sort or not bands:
        return Group(group.number, bands)
    return Group(group.number, (to.sorted([row for band in bands for row in band]),))
