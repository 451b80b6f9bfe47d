"""What was promised and what was shown: one table at the end of `make chaos`, a row for each promise whose test ran.

    promise("R3", "recovery of a killed worker's row", must="<= lease + 5 s, all of 200", shown=f"{slowest:.1f} s")

A test says so before its asserts, so that a miss is in the table too.
"""

from collections.abc import Iterator
from typing import Protocol

import pytest
from rich.console import Console
from rich.table import Table

from tests.chaos.mortal import mortal, mortal_servers  # noqa: F401 (fixtures)

PROMISE = "promise"  # among the properties of a test's report, which find their way from xdist's workers too
Row = tuple[str, str, str, str]


class Promise(Protocol):
    def __call__(self, name: str, what: str, *, must: str, shown: str) -> None: ...


@pytest.fixture
def promise(request: pytest.FixtureRequest) -> Promise:
    """Puts a row into the table; whether the promise was kept is told by the outcome of the test."""

    def record(name: str, what: str, *, must: str, shown: str) -> None:
        request.node.user_properties.append((PROMISE, (name, what, must, shown)))

    return record


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    rows = sorted((_by_number(row[0]), row, report.passed) for report in reports for row in _promised(report))
    if not rows:
        return
    table = Table("id", "what", "must show", "shown", "ok?", title="Promises", show_lines=True)
    for _, row, kept in rows:
        table.add_row(*row, "yes" if kept else "NO")
    terminalreporter.write_line("")
    Console(markup=False).print(table)


def _promised(report: pytest.TestReport) -> Iterator[Row]:
    if report.when == "call":
        for name, told in report.user_properties:
            if name == PROMISE:
                yield tuple(told)


def _by_number(name: str) -> tuple[str, int]:
    """R3 stands before R10."""
    return name[:1], int(name[1:])
