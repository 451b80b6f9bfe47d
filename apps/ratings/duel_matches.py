"""The matches behind a duel, one by one: those asked for, a page at a time, with a judge's reason for each."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from django.core.paginator import Page, Paginator

from apps.contenders.models import Contender
from apps.judging.models import Judgment
from apps.matches.models import Match
from apps.ratings.evidence import board_judgments
from apps.ratings.head_to_head import Duel
from judgeboard.arena.match_by_match import NOBODY, MatchByMatch
from judgeboard.arena.outcome import Outcome
from judgeboard.arena.verdicts import A_WINS, B_WINS

PER_PAGE = 25


class Show(StrEnum):
    """Which matches: the presets of the list."""

    ALL = "all"
    LOST = "lost"
    WON = "won"
    TIED = "tied"
    SPLIT = "judges-disagree"
    FLIPPED = "order-flipped"
    DIFFER = "human-differs"
    BAD = "both-bad"


CHOSEN: dict[Show, Callable[[MatchByMatch], np.ndarray]] = {
    Show.ALL: lambda table: np.ones(len(table.match), dtype=bool),
    Show.LOST: lambda table: table.judged == B_WINS,
    Show.WON: lambda table: table.judged == A_WINS,
    Show.TIED: lambda table: table.judged > B_WINS,
    Show.SPLIT: lambda table: table.split,
    Show.FLIPPED: lambda table: table.flipped,
    Show.DIFFER: lambda table: table.differ,
    Show.BAD: lambda table: table.bad,
}


@dataclass(frozen=True)
class Sides:
    """How many said what of one match, told from the duel's first model."""

    won: int
    lost: int
    tied: int
    outcome: Outcome | None  # what most say, else a tie; None: nobody said anything

    @property
    def n(self) -> int:
        return self.won + self.lost + self.tied


@dataclass(frozen=True)
class Reason:
    """In a judge's words, which call the two answers A and B as it was shown them."""

    judge: str
    text: str
    shown_a: Contender | None  # None: scored alone, or both orders in one verdict


@dataclass(frozen=True)
class Told:
    """One match of the list."""

    match: Match
    judges: Sides
    people: Sides
    split: bool
    flipped: bool
    differ: bool
    reason: Reason | None


@dataclass(frozen=True)
class Listing:
    """One page of the matches asked for, and how many each list holds."""

    show: Show
    counts: dict[Show, int]
    page: Page
    matches: tuple[Told, ...]


def listing(duel: Duel, show: Show, page: str | int | None) -> Listing:
    """In two queries however many matches there are; a page that does not exist is the nearest one."""
    table = duel.table
    rows = np.flatnonzero(CHOSEN[show](table))
    rows = rows[np.lexsort((table.match[rows], table.prompt[rows]))]
    found = Paginator(rows.tolist(), PER_PAGE).get_page(page)
    counts = {show: int(np.count_nonzero(choose(table))) for show, choose in CHOSEN.items()}
    return Listing(show, counts, found, _told_matches(duel, list(found.object_list)))


def _told_matches(duel: Duel, rows: list[int]) -> tuple[Told, ...]:
    table = duel.table
    judged = dict(zip(table.match[rows].tolist(), table.judged[rows].tolist(), strict=True))
    related = Match.objects.select_related("prompt__category", "prompt__prompt_set", "output_a")
    matches = related.defer("prompt__messages", "prompt__reference", "output_a__texts").in_bulk(list(judged))
    reasons = _reasons(duel, matches, judged)
    return tuple(_told(table, row, matches[key], reasons.get(key)) for row, key in zip(rows, judged, strict=True))


def _told(table: MatchByMatch, row: int, match: Match, reason: Reason | None) -> Told:
    return Told(
        match=match,
        judges=_sides(table.judgments[row], table.judged[row]),
        people=_sides(table.votes[row], table.voted[row]),
        split=bool(table.split[row]),
        flipped=bool(table.flipped[row]),
        differ=bool(table.differ[row]),
        reason=reason,
    )


def _sides(counted: np.ndarray, most: np.integer) -> Sides:
    won, lost, tied, bad = (int(times) for times in counted)
    return Sides(won, lost, tied + bad, None if most == NOBODY else Outcome.from_code(int(most)))


def _reasons(duel: Duel, matches: dict[int, Match], judged: dict[int, int]) -> dict[int, Reason]:
    """By match: why a judge says what most of them say, in the words of the first that gives a reason."""
    said = board_judgments(duel.board).done().filter(match__in=list(matches)).exclude(reason="")
    found: dict[int, Reason] = {}
    for told in said.select_related("judge").defer("raw", "chances").order_by("-pk"):
        match = matches[told.match_id]
        if _from_one(duel, match, Outcome(str(told.outcome))).code == judged[match.pk]:
            found[match.pk] = Reason(str(told.judge), told.reason, _shown_a(duel, match, told))
    return found


def _shown_a(duel: Duel, match: Match, told: Judgment) -> Contender | None:
    if told.order == Judgment.Order.MERGED:
        return None
    one_first = (match.output_a.contender_id == duel.one.pk) == (told.first == 0)
    return duel.one if one_first else duel.other


def _from_one(duel: Duel, match: Match, outcome: Outcome) -> Outcome:
    return outcome if match.output_a.contender_id == duel.one.pk else outcome.flipped()
