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
    "refit",
    "pipeline",
    "throughput",
)


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    results = [import_module(f"benchmarks.{name}").run() for name in names or BENCHMARKS]
    return 0 if all(results) else 1


raise SystemExit(main(sys.argv[1:]))
