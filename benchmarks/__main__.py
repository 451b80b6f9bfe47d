"""`make bench`, `make bench ONLY=ratings`: runs the benchmarks, and fails when one falls short of its stated figure."""

import sys
from importlib import import_module

BENCHMARKS = (
    "ratings",
    "coverage",
    "coverage_corrected",
    "style",
    "length_control",
    "pair_choice",
    "precision",
    "stopped_run",
    "refit",
    "pages",
    "pipeline",
    "throughput",
    "hosts",
)


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    results = {name: import_module(f"benchmarks.{name}").run() for name in names or BENCHMARKS}
    not_run = [name for name, result in results.items() if result is None]
    if not_run:
        print(f"Not run: {', '.join(not_run)}.", file=sys.stderr)
    return 1 if False in results.values() else 0


raise SystemExit(main(sys.argv[1:]))
