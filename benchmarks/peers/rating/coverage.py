"""How often do the intervals hold the truth? The same simulated boards for us and for our peers."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers.rating.adapters import PEERS
from benchmarks.peers.rating.exchange import Board, write
from benchmarks.peers.rating.inside import MODULE
from benchmarks.peers.runs import reply
from benchmarks.peers.venvs import Absent
from tests.arena.boards import drawn_board

BOARDS = 200
HEADER = "peer             coverage   error   boards   remarks"


def boards(count: int = BOARDS, seed: int = 1) -> list[Board]:
    """12 contenders, 3,000 matches judged in both orders, 100 prompts that contenders are good or bad at."""
    rng = np.random.default_rng(seed)
    return [_board(*drawn_board(rng)) for _ in range(count)]


def coverage(drawn: list[Board], peers: tuple[str, ...] = PEERS) -> Iterator[tuple[str, dict[str, Any]]]:
    """(peer, {"coverage", "error", "boards"} or {"absent"}) for each; `boards` are as many as its time allowed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "boards.npz"
        write(file, drawn)
        for peer in peers:
            try:
                yield peer, reply(peer, MODULE, "cover", str(file))
            except Absent as absent:
                yield peer, {"absent": str(absent)}


def show(measured: Iterator[tuple[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Prints each peer as it comes, in per cent, and gives all."""
    print(f"\nnominal 95 %\n{HEADER}")
    shown = {}
    for peer, told in measured:
        print(f"{peer:<16} {_line(told)}", flush=True)
        shown[peer] = told
    return shown


def _line(told: dict[str, Any]) -> str:
    if "absent" in told:
        return f"{'-':>8}   {'-':>5}   {'-':>6}   absent: {told['absent']}"
    error = f"{told['error']:5.1%}" if told["error"] is not None else "-"
    return f"{told['coverage']:8.1%}   {error:>5}   {told['boards']:>6}"


def _board(truth: np.ndarray, verdicts: Any) -> Board:
    columns = {column: getattr(verdicts, column) for column in ("names", "a", "b", "outcome", "prompt")}
    return Board(**columns, style=np.zeros((len(verdicts), 0)), truth=truth)


if __name__ == "__main__":
    show(coverage(boards(*map(int, sys.argv[1:]))))
