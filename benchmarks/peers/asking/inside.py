"""Runs in the interpreter of a peer: python -m benchmarks.peers.asking.inside PEER BASE_URL FILE AT_ONCE.

Prints one line of JSON.
"""

import json
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.peers.asking.exchange import MADE_UP, SAID, Job, read
from benchmarks.peers.memory import peak_mb

MODULE = "benchmarks.peers.asking.inside"

Reply = dict[str, Any]


def measure(adapter: ModuleType, job: Job) -> Reply:
    """seconds, and seconds of processor time, of the asking; cpu_in_all: since the interpreter started; verdicts: by
    kind."""
    ask = adapter.prepared(job)
    wall, cpu = time.perf_counter(), _cpu()
    broke_off = _broke_off(ask)
    asking = {"seconds": time.perf_counter() - wall, "cpu": _cpu() - cpu}
    kept = Counter(kind for kind in adapter.verdicts(job) if kind in SAID + MADE_UP)
    remarks = [remark for remark in (broke_off, adapter.REMARK) if remark]
    return asking | {"cpu_in_all": _cpu(), "peak_mb": peak_mb(), "verdicts": kept, "remark": "; ".join(remarks)}


def _broke_off(ask: Callable[[], None]) -> str:
    """Why a peer did not come to its end; what it has kept by then counts all the same."""
    try:
        ask()
    except Exception as failed:
        return f"broke off: {type(failed).__name__}: {' '.join(str(failed).split())[:60]}"
    return ""


def _cpu() -> float:
    """Seconds so far, of this process and its children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def main(peer: str, base_url: str, file: str, at_once: str) -> Reply:
    try:
        adapter = import_module(f"benchmarks.peers.asking.adapters.{peer.replace('-', '_')}")
    except ImportError as absent:
        return {"absent": str(absent)}
    with tempfile.TemporaryDirectory() as folder:
        return measure(adapter, Job(base_url, read(Path(file)), int(at_once), Path(folder)))


if __name__ == "__main__":
    reply = main(*sys.argv[1:])
    print(f"\n{json.dumps(reply)}")  # the last line: what a peer prints comes before
