"""How long does a visitor wait for a board of 300 models, and does it matter how much was judged?

Gunicorn with two workers before a PostgreSQL of its own, asked over loopback by an open loop that keeps connections.
*Warm*: the page was made before. *Cold*: it was not, but the process has answered before.
"""

import gzip
import json
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.surroundings import own_postgresql

MODELS, VOTES = 300, 2500
SIZES = (10_000, 1_000_000)  # judgments
RATE, SECONDS, TRIALS = 100, 10, 3
WORKERS, THREADS = 2, 4
P50, P99, COLD = 0.015, 0.060, 0.300  # seconds
WEIGHT = 150_000  # bytes
GROWTH = 1.2
SORTS = ("model", "judges", "people", "difference", "wins", "judgments")  # each of them is a page of its own
PATIENCE = 60.0  # seconds until the server answers


def run() -> bool:
    with own_postgresql():
        return _measure()


def _measure() -> bool:
    from benchmarks import big_board  # imports Django's models, so only after the environment is set

    big_board.migrate()
    for judgments in SIZES:
        big_board.stand(big_board.of(judgments, MODELS, VOTES))
        print(f"pages: a board of {MODELS} models and {judgments:,} judgments stands", flush=True)
    queries = {judgments: big_board.queries(_address(judgments)) for judgments in SIZES}
    for judgments in SIZES:
        seconds = big_board.processor_time(_address(judgments))
        print(f"pages: making that of {judgments:,} takes {1000 * seconds:.0f} ms of a processor", flush=True)
    with _served() as origin:
        cold = {judgments: _cold(origin + _address(judgments)) for judgments in SIZES}
        warm = _warm({judgments: origin + _address(judgments) for judgments in SIZES})
        weight = _weight(origin, _address(SIZES[-1]))
    return _told(queries, cold, warm, weight)


def _address(judgments: int) -> str:
    return f"/boards/big-{judgments}/"


@contextmanager
def _served() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "judgeboard.wsgi", "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(
        [*command, "--workers", str(WORKERS), "--threads", str(THREADS), "--log-level", "error"]
    ) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for(origin: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            _asked(f"{origin}/healthz")
            return
        except OSError:
            assert time.monotonic() < until, "The server does not answer."
            time.sleep(0.2)


def _asked(url: str) -> tuple[bytes, float]:
    """The answer, compressed if the server does so, and the seconds it took."""
    started = time.perf_counter()
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})) as answer:
        return answer.read(), time.perf_counter() - started


def _cold(url: str) -> list[float]:
    """Of pages that no process has made. Any other page wakes the processes first."""
    for _ in range(4 * WORKERS):
        _asked(url.partition("/boards/")[0] + "/methodology/")
        _asked(f"{url}?name=wake")
    return [_asked(f"{url}?sort={word}")[1] for sort in SORTS for word in (sort, f"-{sort}")]


def _warm(urls: dict[int, str]) -> dict[int, list[list[float]]]:
    """By board, trials by turns, so that what else the machine does meets both."""
    for url in urls.values():
        for _ in range(20 * WORKERS):
            _asked(url)
    found: dict[int, list[list[float]]] = {judgments: [] for judgments in urls}
    for _ in range(TRIALS):
        for judgments, url in urls.items():
            command = [sys.executable, "-m", "benchmarks.open_loop", url, str(RATE), str(SECONDS)]
            told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            found[judgments].append(sorted(json.loads(told)))
    return found


def _weight(origin: str, address: str) -> dict[str, int]:
    """Bytes as sent: the page as the server compresses it, its files as `collectstatic` does."""
    page = _asked(origin + address)[0]
    named = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', gzip.decompress(page).decode())
    files = [gzip.compress(_asked(origin + name)[0], 9) for name in dict.fromkeys(named)]
    return {"HTML": len(page), "CSS and JavaScript": sum(map(len, files))}


def _told(
    queries: dict[int, tuple[int, int]],
    cold: dict[int, list[float]],
    warm: dict[int, list[list[float]]],
    weight: dict[str, int],
) -> bool:
    print("judgments   queries cold, warm   cold: median, worst   warm at 100/s: p50   p99   (milliseconds)")
    halves = {size: statistics.median(_at(trial, 0.5) for trial in trials) for size, trials in warm.items()}
    tails = {size: statistics.median(_at(trial, 0.99) for trial in trials) for size, trials in warm.items()}
    colds = {size: statistics.median(times) for size, times in cold.items()}
    for size in SIZES:
        print(
            f"{size:>9,} {queries[size][0]:>14} {queries[size][1]:>5} {1000 * colds[size]:>15.0f} "
            f"{1000 * max(cold[size]):>6.0f} {1000 * halves[size]:>20.1f} {1000 * tails[size]:>6.1f}"
        )
    print("sent: " + ", ".join(f"{part} {size / 1000:.1f} kB" for part, size in weight.items()))
    small, large = SIZES
    kept = {
        f"p50 {1000 * halves[large]:.1f} ms": halves[large] <= P50,
        f"p99 {1000 * tails[large]:.1f} ms": tails[large] <= P99,
        f"cold {1000 * colds[large]:.0f} ms": colds[large] <= COLD,
        f"{sum(weight.values()) / 1000:.0f} kB": sum(weight.values()) <= WEIGHT,
        f"warm {halves[large] / halves[small]:.2f} times": halves[large] <= GROWTH * halves[small],
        f"cold {colds[large] / colds[small]:.2f} times": colds[large] <= GROWTH * colds[small],
        "queries": queries[large] == queries[small],
    }
    print("pages: " + ", ".join(f"{what} ({'within' if fine else 'BEYOND'})" for what, fine in kept.items()))
    return all(kept.values())


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
