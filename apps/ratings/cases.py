"""The matches behind one cell of judges against people: what most judges say, and what most people say."""

from dataclasses import dataclass

import numpy as np
from django.core.paginator import Page, Paginator

from apps.matches.models import Match
from apps.ratings.evidence import Evidence, board_votes, evidence_in
from apps.ratings.match_lists import for_list
from apps.ratings.opponents import selected_judgments
from apps.ratings.selection import Selection
from judgeboard.arena.match_by_match import match_by_match
from judgeboard.arena.verdicts import A_WINS, B_WINS, TIE, bad_as_tie

PER_PAGE = 25
SAYING = {"a": A_WINS, "b": B_WINS, "tie": TIE}
"""Of the two answers, a is the one that the match names first."""


@dataclass(frozen=True)
class Cases:
    """One page of them. `n_both`: matches that both sides know."""

    judges: str
    people: str
    n_both: int
    page: Page
    matches: tuple[Match, ...]


def cases(selection: Selection, judges: str, people: str, page: str | int | None) -> Cases:
    """As of today, by all judges or by the selected one. `judges`, `people`: words of SAYING, empty for whatever."""
    evidence = _voted_on(selection)
    table = match_by_match(evidence.judgments, evidence.votes, evidence.judged.flipped)
    chosen = table.both
    for word, said in ((judges, table.judged), (people, table.voted)):
        if word:
            chosen = chosen & (bad_as_tie(said) == SAYING[word])
    found = Paginator(table.match[chosen][::-1].tolist(), PER_PAGE).get_page(page)
    both = int(np.count_nonzero(table.both))
    return Cases(judges, people, both, found, for_list(list(found.object_list)))


def _voted_on(selection: Selection) -> Evidence:
    """What was said of matches with votes, which are few beside those that were judged."""
    votes = board_votes(selection.board, selection.category)
    keys = list(votes.order_by().values_list("match", flat=True).distinct())
    return evidence_in(selected_judgments(selection).filter(match__in=keys), votes)
