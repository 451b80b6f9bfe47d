"""Our own engine from names, as the peers are asked."""

from collections.abc import Callable
from functools import partial

from benchmarks.peers.rating.adapters import judgeboard_ids as numbered
from benchmarks.peers.rating.exchange import Board, Rated
from judgeboard.arena.style.covariates import Covariates
from judgeboard.arena.verdicts import Verdicts

Given = tuple[Callable[[], Verdicts], Covariates]


def taken(board: Board) -> Given:
    columns = partial(Verdicts.from_columns, board.side_a, board.side_b, board.words, prompt=board.prompt)
    return columns, numbered.covariates(board.style)


def bootstrap(given: Given, rounds: int) -> Rated:
    return numbered.bootstrap((given[0](), given[1]), rounds)


def _from_names(task: Callable[[numbered.Given], Rated]) -> Callable[[Given], Rated]:
    return lambda given: task((given[0](), given[1]))


fit, interval, style, elo = map(_from_names, (numbered.fit, numbered.interval, numbered.style, numbered.elo))
