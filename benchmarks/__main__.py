"""`make bench`, `make bench ONLY=ratings`: runs the benchmarks, and fails when one falls short of its stated figure."""

import sys

from benchmarks import pipeline, ratings

BENCHMARKS = {"ratings": ratings.run, "pipeline": pipeline.run}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    results = [BENCHMARKS[name]() for name in names or BENCHMARKS]
    return 0 if all(results) else 1


raise SystemExit(main(sys.argv[1:]))
