"""What the simulator was asked: the figures that tests and benchmarks compare with a run's own books."""

import hashlib
from collections import Counter
from typing import Any


class Counts:
    """Chat requests by model and by result.

    A result is `ok`, a fault by its name, or why a request was refused (`unauthorized`, `bad_request`, `not_found`).
    `repeated` counts the requests answered `ok` whose very body had been answered `ok` before: calls paid twice.
    """

    def __init__(self) -> None:
        self._by_model: dict[str, Counter[str]] = {}
        self._answered: set[bytes] = set()
        self._repeated = 0

    def add(self, *, model: str, result: str) -> None:
        """Count one request; `model` is empty where the request names none that is served."""
        self._by_model.setdefault(model, Counter())[result] += 1

    def add_answered(self, *, model: str, body: bytes) -> None:
        """Count one request that got its completion."""
        self.add(model=model, result="ok")
        digest = hashlib.blake2b(body, digest_size=16).digest()
        self._repeated += digest in self._answered
        self._answered.add(digest)

    def as_dict(self) -> dict[str, Any]:
        """A copy of the figures, ready for JSON."""
        by_model = {model: dict(results) for model, results in list(self._by_model.items())}
        by_result: Counter[str] = Counter()
        for results in by_model.values():
            by_result.update(results)
        return {
            "requests": by_result.total(),
            "by_model": by_model,
            "by_result": dict(by_result),
            "repeated": self._repeated,
        }
