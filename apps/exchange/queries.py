"""What `export` writes. Each table: its columns, and a query that gives its rows in a fixed order."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from django.db.models import Q, QuerySet

from apps.humans.models import Vote, VoteReason
from apps.judging.models import Judgment
from apps.ratings.evidence import board_judgments, board_votes
from apps.ratings.leaderboard_rows import leaderboard_rows
from apps.ratings.models import Board
from apps.ratings.queries import agreement_table, latest_leaderboard
from judgeboard.arena.outcome import Outcome

Row = dict[str, Any]
CHUNK = 2000

ABOUT = {
    "match": "match_id",
    "prompt_set": "match__prompt__prompt_set__slug",
    "version": "match__prompt__prompt_set__version",
    "question_id": "match__prompt__key",
    "category": "match__prompt__category__slug",
    "turn": "match__turn",
    "model_a": "match__output_a__contender__name",
    "model_b": "match__output_b__contender__name",
}
# *_sure: how probable a judge's verdict in that order was by its log-probabilities, in [0, 1]; empty where not told.
# reasons: what a voter said made the winner better, of `apps.humans.models.Reason`.
SAID = ("rater", "rater_kind", "a_first", "b_first", "a_first_sure", "b_first_sure", "winner", "flipped", "reasons")
WHO = ("left", "right", "turn", "unit", "raters", "ties")
BEYOND_CHANCE = ("kappa", "kappa_lower", "kappa_upper", "ac1", "ac1_lower", "ac1_upper")
AGREEMENT = (*WHO, "n", "agreement", "lower", "upper", *BEYOND_CHANCE)
JUDGED = ("rank_low", "rank_high", "rating", "lower", "upper")
VOTED = ("human_rating", "human_lower", "human_upper")
CORRECTED = ("corrected_rating", "corrected_lower", "corrected_upper")
CHANGED = ("change", "change_lower", "change_upper")
PRICED = ("usd_per_million_in", "usd_per_million_out", "usd_per_win")
STANDING = ("model", *JUDGED, *VOTED, *CORRECTED, *CHANGED, "n_judgments", "n_votes", *PRICED)


@dataclass(frozen=True)
class Table:
    columns: Sequence[str]
    rows: Callable[[Sequence[Board]], Iterable[Row]]


def agreement_rows(boards: Sequence[Board]) -> Iterator[Row]:
    """How far the raters of each board agree, from its newest snapshot over all categories."""
    for board in boards:
        leaderboard = latest_leaderboard(board)
        for agreement in agreement_table(leaderboard) if leaderboard else ():
            yield {"board": board.slug} | {name: getattr(agreement, name) for name in AGREEMENT}


def standing_rows(boards: Sequence[Board]) -> Iterator[Row]:
    """The contenders of each board, from its newest snapshot over all categories, best first."""
    for board in boards:
        leaderboard = latest_leaderboard(board)
        for row in leaderboard_rows(leaderboard) if leaderboard else ():
            yield {"board": board.slug} | row


def battle_rows(boards: Sequence[Board]) -> Iterator[Row]:
    """One row a match and rater, all orders in it: judges first, then people."""
    judgments = _on_boards(boards, board_judgments, Judgment.objects.all()).filter(status="done")
    columns = [*ABOUT.values(), "judge_id", "judge__slug", "judge__version", "order", "outcome", "flipped", "chances"]
    said = judgments.order_by("match_id", "judge_id", "order").values(*columns).iterator(chunk_size=CHUNK)
    for _, orders in groupby(said, key=lambda row: (row["match_id"], row["judge_id"])):
        yield _battle(list(orders))
    yield from _vote_battles(boards)


def _battle(orders: list[Row]) -> Row:
    """The orders' shared outcome, else a tie: the verdict that agreement with people is counted by."""
    row, outcomes = orders[0], {order["outcome"] for order in orders}
    told = {order["order"]: order["outcome"] for order in orders}
    sure = {order["order"]: (order["chances"] or {}).get(order["outcome"]) for order in orders}
    return _about(row) | {
        "rater": f"{row['judge__slug']}/{row['judge__version']}",
        "rater_kind": "judge",
        "a_first": told.get(Judgment.Order.A_FIRST),
        "b_first": told.get(Judgment.Order.B_FIRST),
        "a_first_sure": sure.get(Judgment.Order.A_FIRST),
        "b_first_sure": sure.get(Judgment.Order.B_FIRST),
        "winner": outcomes.pop() if len(outcomes) == 1 else Outcome.TIE.value,
        "flipped": len(set(told.values())) > 1 or any(order["flipped"] for order in orders),
        "reasons": [],
    }


def _vote_battles(boards: Sequence[Board]) -> Iterator[Row]:
    for row in _votes(boards, "shown_first"):
        yield _about(row) | {
            "rater": _voter(row),
            "rater_kind": "human",
            "a_first": row["outcome"] if row["shown_first"] == "a" else None,
            "b_first": row["outcome"] if row["shown_first"] == "b" else None,
            "a_first_sure": None,
            "b_first_sure": None,
            "winner": row["outcome"],
            "flipped": False,
            "reasons": row["reasons"],
        }


def vote_rows(boards: Sequence[Board]) -> Iterator[Row]:
    """The votes in the form in which MT-Bench's are published, sides as in the match."""
    for row in _votes(boards):
        key = row["match__prompt__key"]
        yield {
            "judge": _voter(row),
            "model_a": row["match__output_a__contender__name"],
            "model_b": row["match__output_b__contender__name"],
            "question_id": int(key) if key.isascii() and key.isdigit() and str(int(key)) == key else key,
            "turn": row["match__turn"],
            "winner": "tie (bothbad)" if row["outcome"] == Outcome.BOTH_BAD else row["outcome"],
            "reasons": row["reasons"],
        }


def _votes(boards: Sequence[Board], *more: str) -> Iterator[Row]:
    votes = _on_boards(boards, board_votes, Vote.objects.all())
    columns = ["pk", *ABOUT.values(), "outcome", "voter_id", "voter__name", "voter__user_id", *more]
    rows = votes.order_by("pk").values(*columns).iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        given = _reasons([row["pk"] for row in chunk])
        yield from (row | {"reasons": given.get(row["pk"], [])} for row in chunk)


def _reasons(votes: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for vote, reason in VoteReason.objects.filter(vote__in=votes).order_by("pk").values_list("vote", "reason"):
        found.setdefault(vote, []).append(reason)
    return found


def _voter(row: Row) -> str:
    """People of this site go out under a number: their names are their own."""
    return f"voter_{row['voter_id']}" if row["voter__user_id"] else row["voter__name"]


def _about(row: Row) -> Row:
    return {name: row[column] for name, column in ABOUT.items()}


def _on_boards(boards: Sequence[Board], said_on: Callable[[Board], QuerySet], rows: QuerySet) -> QuerySet:
    """What was said on any of the boards, each row once."""
    on_any = Q(pk__in=[])
    for board in boards:
        on_any |= Q(pk__in=said_on(board).values("pk"))
    return rows.filter(on_any)


TABLES = {
    "agreement": Table(("board", *AGREEMENT), agreement_rows),
    "leaderboard": Table(("board", *STANDING), standing_rows),
    "battles": Table((*ABOUT, *SAID), battle_rows),
    "votes": Table(("judge", "model_a", "model_b", "question_id", "turn", "winner", "reasons"), vote_rows),
}


def boards_called(slug: str) -> list[Board]:
    """The board of that slug, or every board for an empty one; private ones are left out. Raises Board.DoesNotExist."""
    public = Board.objects.public()
    return [public.get(slug=slug)] if slug else list(public)
