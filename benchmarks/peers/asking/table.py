"""Each peer asks the same judgments of a simulator of its own, without faults and with them."""

import json
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers.asking.adapters import ABSENT, PEERS
from benchmarks.peers.asking.exchange import MADE_UP, write
from benchmarks.peers.asking.inside import MODULE
from benchmarks.peers.asking.judgments import judgments
from benchmarks.peers.runs import reply
from benchmarks.peers.venvs import Absent, interpreter
from benchmarks.schedule import bound, options
from benchmarks.surroundings import simulator

HEADER = "peer         faults  seconds  of the bound  CPU ms each  with start  peak MB  calls   lost  coerced  remark"


@dataclass(frozen=True)
class Row:
    """seconds: from the first judgment asked to the last verdict kept; cpu: seconds of processor time within them;
    cpu_in_all: with the start of the interpreter; lost: judgments without a verdict in the end; coerced: replies
    without a verdict that became one all the same."""

    seconds: float
    cpu: float
    cpu_in_all: float
    peak_mb: float
    calls: int
    lost: int
    coerced: int
    remark: str


def show(count: int, at_once: int, peers: tuple[str, ...] = PEERS) -> None:
    """Prints each peer as it comes."""
    print(f"\n{count:,} judgments, {at_once} at once\n{HEADER}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "judgments.jsonl"
        write(file, judgments(count))
        for peer in peers:
            _show_peer(peer, file, count, at_once)
    for peer, reason in ABSENT.items():
        print(f"{peer:<12} absent: {reason}")


def _show_peer(peer: str, file: Path, count: int, at_once: int) -> None:
    try:
        interpreter(peer)  # no simulator waits while it is made
        for faults in (False, True):
            row = _measured(peer, file, count, at_once, faults=faults)
            print(f"{peer:<12} {'8 %' if faults else 'none':>6} {_figures(row, count, at_once)}", flush=True)
    except Absent as absent:
        print(f"{peer:<12} absent: {absent}", flush=True)


def _measured(peer: str, file: Path, count: int, at_once: int, *, faults: bool) -> Row:
    with simulator(*options(faults=faults)) as base_url:
        told = reply(peer, MODULE, base_url, str(file), str(at_once))
        return _row(told, count, calls=_calls(base_url))


def _row(told: dict[str, Any], count: int, *, calls: int) -> Row:
    verdicts = told["verdicts"]
    return Row(
        told["seconds"],
        told["cpu"],
        told["cpu_in_all"],
        told["peak_mb"],
        calls,
        lost=count - sum(verdicts.values()),
        coerced=sum(verdicts.get(kind, 0) for kind in MADE_UP),
        remark=told["remark"],
    )


def _calls(base_url: str) -> int:
    with urllib.request.urlopen(f"{base_url.removesuffix('/v1')}/simulator/counts") as response:
        return int(json.load(response)["requests"])


def _figures(row: Row, count: int, at_once: int) -> str:
    share, cpu, cpu_in_all = bound(count, at_once) / row.seconds, 1000 * row.cpu / count, 1000 * row.cpu_in_all / count
    return (
        f"{row.seconds:8.2f} {share:13.3f} {cpu:12.2f} {cpu_in_all:11.2f} {row.peak_mb:8.0f} "
        f"{row.calls:6,} {row.lost:6,} {row.coerced:8,}  {row.remark}"
    )
