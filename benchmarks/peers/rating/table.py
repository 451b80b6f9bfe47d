"""The same tasks for us and for our peers, side by side: seconds, memory, and how far the ratings are apart."""

import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.boards import simulated
from benchmarks.peers.rating.adapters import PEERS
from benchmarks.peers.rating.exchange import Board, write
from benchmarks.peers.rating.inside import MODULE, ROUNDS, RUNS
from benchmarks.peers.runs import reply
from benchmarks.peers.venvs import OURS, Absent

TASKS = ("fit", "interval", "bootstrap", "style", "elo")
HEADER = "task       peer              seconds      ratio   peak MB   apart, Elo   remarks"


@dataclass(frozen=True)
class Row:
    """ratio: to our seconds for the task, from names; apart: the largest difference of a rating from ours, Elo
    points, both with the same mean; None what was not measured. A peer that has no answer says why in `remarks`."""

    task: str
    peer: str
    seconds: float | None = None
    ratio: float | None = None
    peak_mb: float | None = None
    apart: float | None = None
    remarks: str = ""


def rows(board: Board, tasks: Iterable[str] = TASKS, peers: Iterable[str] = PEERS) -> Iterator[Row]:
    """Task by task as they are measured, ourselves first."""
    asked = tuple(peer for peer in peers if peer not in OURS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "board.npz"
        write(file, [board])
        for task in tasks:
            ours: dict[str, Any] = {}
            for peer in (*OURS, *asked):
                told = _asked(peer, task, file)
                ours = ours or told
                yield _row(task, peer, told, ours)


def show(title: str, measured: Iterable[Row]) -> list[Row]:
    """Prints each row as it comes, and gives them all."""
    print(f"\n{title}\n{HEADER}")
    shown = []
    for row in measured:
        figures = f"{_figure(row.seconds, 3):>10}  {_figure(row.ratio, 2):>8}  {_figure(row.peak_mb, 0):>8}"
        print(f"{row.task:<10} {row.peer:<15}{figures}   {_figure(row.apart, 3):>10}   {row.remarks}", flush=True)
        shown.append(row)
    return shown


def _asked(peer: str, task: str, file: Path) -> dict[str, Any]:
    try:
        return reply(peer, MODULE, task, str(file))
    except Absent as absent:
        return {"absent": str(absent)}


def _row(task: str, peer: str, told: dict[str, Any], ours: dict[str, Any]) -> Row:
    if "absent" in told:
        return Row(task, peer, remarks=f"absent: {told['absent']}")
    compared = "absent" not in ours
    return Row(
        task,
        peer,
        told["seconds"],
        told["seconds"] / ours["seconds"] if compared else None,
        told["peak_mb"],
        _apart(told["rating"], ours["rating"]) if compared else None,
        _remarks(told),
    )


def _apart(theirs: dict[str, float], ours: dict[str, float]) -> float:
    difference = np.array([theirs[name] - ours[name] for name in ours])
    return float(np.abs(difference - difference.mean()).max())


def _remarks(told: dict[str, Any]) -> str:
    remarks = [told["note"]] if told["note"] else []
    if "rounds" in told:
        scaled = f", scaled to {ROUNDS}" if told["rounds"] < ROUNDS else ""
        remarks.append(f"bootstrap of {told['rounds']} rounds{scaled}")
    if told["runs"] < RUNS:
        remarks.append(f"{told['runs']} run{'s' * (told['runs'] > 1)}")
    return "; ".join(remarks)


def _figure(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"


def main(n: str = "1000000", contenders: str = "100", tasks: str = ",".join(TASKS)) -> None:
    """python -m benchmarks.peers.rating.table [rows] [contenders] [tasks]: without waiting for the whole benchmark."""
    title = f"{int(n):,} matches, {contenders} contenders"
    show(title, rows(simulated(int(n), int(contenders), seed=1), tasks.split(",")))


if __name__ == "__main__":
    main(*sys.argv[1:])
